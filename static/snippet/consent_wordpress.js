// The WordPress consent API, category statistics: what is known now, and each change.
const listen = () => {
  let read = () => {
    if (wp_has_consent("statistics")) consent(1);
    else if (d.cookie.includes("wp_consent_statistics=deny")) consent();
  };
  on("wp_listen_for_consent_change", ({ detail }) => detail.statistics && consent(detail.statistics == "allow"));
  on("wp_consent_type_defined", read);
  read();
};
