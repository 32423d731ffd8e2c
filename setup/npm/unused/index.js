'use strict';
// npm runs tfjs-node's install script where nobody forbids it. It loads this first, and is to do nothing: our set-up makes
// what it would fetch.
if (process.env.npm_lifecycle_event === 'install') process.exit(0);
// Nothing is needed here at run time; whoever does need the replaced package learns why it is not there.
throw new Error("this package is replaced: only tfjs-node's install script uses it, and our set-up takes its place");
