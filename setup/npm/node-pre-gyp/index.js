'use strict';
// tfjs-node calls find() once, with the path of its own package.json, to learn which native addon to load. The real
// package brings a downloader with outdated dependencies for that one answer; our set-up compiles the addon itself.
const path = require('node:path');

/** The Node-API level that the set-up compiles the binding for. */
const napiVersion = 8;

exports.find = (packageFile) => path.join(path.dirname(packageFile), `lib/napi-v${napiVersion}/tfjs_binding.node`);
