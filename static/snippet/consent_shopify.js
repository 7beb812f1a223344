// Shopify's customer privacy API: what is known now, and what the banner collects later.
const listen = () => {
  let { customerPrivacy: privacy } = Shopify;
  if (!privacy) return Shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], safe(listen));
  on("visitorConsentCollected", (event) => consent(event.detail.analyticsAllowed));
  if (privacy.analyticsProcessingAllowed()) consent(1);
  else if (privacy.currentVisitorConsent().analytics == "no") consent();
};
