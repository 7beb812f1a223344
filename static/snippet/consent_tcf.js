// IAB TCF v2: storage (purpose 1) and measuring content (purpose 8), once the visitor's choice is known.
const listen = () => __tcfapi("addEventListener", 2, safe((data) => {
  let agreed = data.purpose?.consents || {};
  if (data.gdprApplies === false || agreed[1] && agreed[8]) consent(1);
  else if (data.eventStatus != "cmpuishown") consent();
}));
