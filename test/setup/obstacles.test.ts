import { join } from 'node:path';
import { test } from 'node:test';
import { assertRefused, fakeClone, type FakeClone } from './fake-clone.ts';

/** As pip 23.2 says it. */
const unreachable = [
  'WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken ',
  "by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: ",
  "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/ale-py/\n",
  'ERROR: Could not find a version that satisfies the requirement ale-py==0.12.1 (from versions: none)\n',
  'ERROR: No matching distribution found for ale-py==0.12.1\n',
].join('');
/** As npm 10 says it. */
const offline = `npm error code EAI_AGAIN
npm error syscall getaddrinfo
npm error errno EAI_AGAIN
npm error request to https://registry.example/zod failed, reason: getaddrinfo EAI_AGAIN registry.example
npm error A complete log of this run can be found in: /home/x/.npm/_logs/x.log
`;
const npmDiskFull = `npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write
npm error code ENOSPC
npm error syscall write
npm error errno -28
npm error nospc ENOSPC: no space left on device, write
npm error nospc There appears to be insufficient space on your system to finish.
`;

const obstacles: [name: string, prepare: (fake: FakeClone) => NodeJS.ProcessEnv | void, expected: RegExp][] = [
  ['no Python', (fake) => fake.removeTool('python3'), /no Python 3 found .*; install it with pip: apt-get install/],
  [
    'no pip',
    () => ({ FAKE_NO_PIP: '1' }),
    /python3 \(Python 3\.\d+\.\d+\) has no pip; install it: apt-get install python3-pip/,
  ],
  ['no compiler', (fake) => fake.removeTool('c++'), /no C\+\+ compiler found .*; install one: (apt-get|xcode-select)/],
  ['no npm', (fake) => fake.removeTool('npm'), /npm is not found; it comes with Node/],
  ['no network for pip', (fake) => fake.refuse('pip', unreachable), /cannot be reached.*; check the network/],
  ['no network for npm', (fake) => fake.refuse('npm', offline), /cannot be reached.*; check the network/],
  [
    'a full disk for pip',
    (fake) =>
      fake.refuse('pip', 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n'),
    /the disk is full; free some space, or set RIM_AGENTS_CACHE/,
  ],
  [
    'a full disk for npm',
    (fake) => fake.refuse('npm', npmDiskFull),
    /installing npm packages failed: the disk is full; /,
  ],
  [
    'a cache folder that cannot be made',
    (fake) => ({ RIM_AGENTS_CACHE: join(fake.root, 'package.json/cache') }),
    /cannot be made or written to; set RIM_AGENTS_CACHE/,
  ],
  [
    'a cache folder below one that cannot hold folders',
    () => ({ RIM_AGENTS_CACHE: '/proc/none/cache' }),
    /cannot be made or written to; set RIM_AGENTS_CACHE/,
  ],
  [
    'source that does not compile',
    (fake) => fake.write('agents/kernels/native/source.cc', '#error'),
    /compiling the TensorFlow binding failed: source.cc:1: error: .*; the whole output is in/,
  ],
  [
    'a wrong kind of TensorFlow',
    () => ({ RIM_AGENTS_TENSORFLOW: 'gpu' }),
    /RIM_AGENTS_TENSORFLOW is "gpu"; set it to cpu or cuda/,
  ],
];
for (const [name, prepare, expected] of obstacles) {
  test(`${name}: one line with the mend, exit code 1`, async (t) => {
    const fake = fakeClone(t);
    const env = prepare(fake) ?? {};
    assertRefused(fake, await fake.run({ env }), expected);
  });
}
