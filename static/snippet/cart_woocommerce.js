// WooCommerce: the token as a cookie of the shop's own, which our plugin file copies into the order.
const cookie = (name, value) => {
  let age = value ? 396 * 86400 : 0, secure = location.protocol == "https:" ? ";secure" : "";
  d.cookie = name + "=" + value + ";path=/;samesite=lax;max-age=" + age + secure;
};

const carry = (token, click) => {
  cookie("qf_visitor", token);
  if (click != null) cookie("qf_click", click);
};
