<?php
/**
 * Plugin Name: quizfunnel
 * Description: Puts quizfunnel's snippet on the shop's pages, and its visitor's token from the cart's cookie into the order.
 * Version: 1.0.0
 * Requires PHP: 7.4
 * License: MIT
 *
 * Lay this file into wp-content/mu-plugins/ and say in wp-config.php where the quizzes are:
 *
 *     define( 'QUIZFUNNEL_URL', 'https://quiz.shop.example' );
 *
 * Whoever sees no invitation gets the token in the same way as everybody else: nothing here looks at the quiz.
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

/** The cookies that the snippet sets, which are also the names of the order's meta data. */
const QUIZFUNNEL_NAMES = array( 'qf_visitor', 'qf_click' );

/**
 * Return the token of a cookie, an empty text where there is none or where it is not of a token's letters.
 *
 * Whether it is genuine the quizzes' server proves: whatever a browser sends is only carried on.
 */
function quizfunnel_token( string $name ): string {
	$token = isset( $_COOKIE[ $name ] ) && is_string( $_COOKIE[ $name ] ) ? trim( $_COOKIE[ $name ] ) : '';
	return preg_match( '/\A[A-Za-z0-9_-]{1,200}\z/', $token ) ? $token : '';
}

/**
 * Write the tokens into an order that is being placed, and take away those whose cookie is gone.
 *
 * A cookie goes when its visitor withdraws consent; a checkout of blocks may have kept a draft since before.
 *
 * @param WC_Order $order The order, which is saved by whoever calls.
 */
function quizfunnel_into_order( $order ): void {
	foreach ( QUIZFUNNEL_NAMES as $name ) {
		$token = quizfunnel_token( $name );
		if ( '' !== $token ) {
			$order->update_meta_data( $name, $token );
		} elseif ( '' !== (string) $order->get_meta( $name, true ) ) {
			$order->delete_meta_data( $name );
		}
	}
}

/**
 * Do the same for a checkout of blocks, whose order is not saved after this by itself in every release.
 *
 * @param WC_Order $order The order.
 */
function quizfunnel_into_block_order( $order ): void {
	quizfunnel_into_order( $order );
	$order->save();
}

// The classic checkout, and the one of blocks (WooCommerce 7.2 and later).
add_action( 'woocommerce_checkout_create_order', 'quizfunnel_into_order', 10, 1 );
add_action( 'woocommerce_store_api_checkout_update_order_meta', 'quizfunnel_into_block_order', 10, 1 );

/** Return the address of the quizzes without a slash at its end, an empty text where it is not set. */
function quizfunnel_url(): string {
	return defined( 'QUIZFUNNEL_URL' ) ? rtrim( (string) QUIZFUNNEL_URL, '/' ) : '';
}

/** Put the snippet on every page of the shop; a page without it draws nobody. */
function quizfunnel_tag(): void {
	$url = quizfunnel_url();
	if ( '' !== $url && ! is_admin() ) {
		printf( '<script async src="%s"></script>' . "\n", esc_url( $url . '/qf.js' ) );
	}
}

add_action( 'wp_head', 'quizfunnel_tag' );

/**
 * Return the place of an invitation for [quizfunnel], and of a whole quiz for [quizfunnel quiz="coffee"].
 *
 * @param array<string, string>|string $given The shortcode's attributes.
 */
function quizfunnel_place( $given ): string {
	$given = shortcode_atts( array( 'quiz' => '' ), is_array( $given ) ? $given : array(), 'quizfunnel' );
	return '' === $given['quiz'] ? '<div data-qf style="min-height: 8rem"></div>' : sprintf( '<div data-qf-quiz="%s"></div>', esc_attr( $given['quiz'] ) );
}

add_shortcode( 'quizfunnel', 'quizfunnel_place' );
