// Shows the OpenAPI document of this service; every asset comes from this host.
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: false, // with it, links stand inside buttons, which keyboards and screen readers cannot tell apart
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
