"use strict";

const place = document.getElementById("redoc");

Redoc.init(place.dataset.schema, { hideDownloadButton: false, nativeScrollbars: true }, place);
