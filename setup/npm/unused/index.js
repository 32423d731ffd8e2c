'use strict';
// Nothing is needed here at run time; whoever does need the replaced package learns why it is not there.
throw new Error("this package is replaced: only tfjs-node's install script uses it, and our set-up takes its place");
