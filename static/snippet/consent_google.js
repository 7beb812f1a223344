// Google consent mode: analytics_storage in the dataLayer; a default that is denied waits for the banner's update.
const listen = () => {
  let layer = w.dataLayer = w.dataLayer || [], push = layer.push;
  let read = safe(([kind, when, { analytics_storage: analytics }]) => {
    if (kind == "consent" && analytics && (when == "update" || analytics == "granted")) consent(analytics == "granted");
  });
  layer.map(read);
  layer.push = (...entries) => {
    entries.map(read);
    return push.apply(layer, entries);
  };
};
