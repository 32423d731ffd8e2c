// Required before anything else: TensorFlow's binding is loaded from RIM_AGENTS_OTHER_BINDING instead.
const { dlopen } = process;
process.dlopen = (module, file, ...flags) =>
  dlopen(module, file.endsWith('tfjs_binding.node') ? process.env.RIM_AGENTS_OTHER_BINDING : file, ...flags);
