<?php
// Stand-ins for WordPress and WooCommerce: what our file calls of them, and a checkout of each kind.
// Reads {cookies, checkout, kept, url, place} from standard input, and writes what came out.

define( 'ABSPATH', '/' );
$given   = json_decode( stream_get_contents( STDIN ), true );
$_COOKIE = $given['cookies'];
$actions = array();
$places  = array();
if ( '' !== $given['url'] ) {
	define( 'QUIZFUNNEL_URL', $given['url'] );
}

function add_action( $name, $function, $priority = 10, $count = 1 ) {
	global $actions;
	$actions[ $name ][] = $function;
}
function do_action( $name, ...$arguments ) {
	global $actions;
	foreach ( $actions[ $name ] ?? array() as $function ) {
		$function( ...$arguments );
	}
}
function add_shortcode( $name, $function ) {
	global $places;
	$places[ $name ] = $function;
}
function shortcode_atts( $defaults, $given, $name ) {
	return array_merge( $defaults, array_intersect_key( $given, $defaults ) );
}
function is_admin() {
	return false;
}
function esc_url( $url ) {
	return htmlspecialchars( $url, ENT_QUOTES );
}
function esc_attr( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}

class WC_Order {
	public $meta;
	public $saved = 0;
	public function __construct( $meta ) {
		$this->meta = $meta;
	}
	public function update_meta_data( $key, $value ) {
		$this->meta[ $key ] = $value;
	}
	public function get_meta( $key, $single ) {
		return $this->meta[ $key ] ?? '';
	}
	public function delete_meta_data( $key ) {
		unset( $this->meta[ $key ] );
	}
	public function save() {
		++$this->saved;
	}
}

require $argv[1];

$order = new WC_Order( $given['kept'] );
if ( 'classic' === $given['checkout'] ) {
	do_action( 'woocommerce_checkout_create_order', $order, array() );
} else {
	do_action( 'woocommerce_store_api_checkout_update_order_meta', $order );
}
ob_start();
do_action( 'wp_head' );
$head = ob_get_clean();
echo json_encode(
	array(
		'meta'  => (object) $order->meta,
		'saved' => $order->saved,
		'head'  => $head,
		'place' => $places['quizfunnel']( $given['place'] ),
	)
);
