import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { attributes, loadTensorFlow, tensorFlow, tensorflowVersion } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { instructionSet } from '../../../agents/kernels/native/index.ts';

describe("TensorFlow with this repository's operations", () => {
  before(() => loadTensorFlow({ threads: 2 }));

  test('is loaded, once', async () => {
    await loadTensorFlow({ threads: 2 });
    assert.equal(tf.getBackend(), 'tensorflow');
    assert.match(tensorflowVersion(), /^2\.\d+\.\d+/);
  });

  test('has the native operations, and chooses them', () => {
    assert.match(instructionSet() ?? 'none', /^(baseline|avx2|avx512|avx512bf16)$/);
    assert.equal(selectKernels('auto').name, 'native');
    assert.equal(selectKernels('native').name, 'native');
    assert.equal(selectKernels('portable').name, 'portable');
  });

  test('an operation refuses tensors of the wrong shape by itself, and names them', () => {
    const zeros = (...shape: number[]): tf.Tensor => tf.zeros(shape);
    const run = (name: string, inputs: tf.Tensor[], outputs: number, settings: Record<string, number | boolean> = {}) =>
      tensorFlow().executeMultipleOutputs(name, attributes(tensorFlow(), settings), inputs, outputs);

    assert.throws(
      () => run('RimAgentsClipAdam', [zeros(4), zeros(3), zeros(4), zeros(4), zeros(8)], 4),
      /gradients has shape \[3\] where \[4\] was expected/,
    );

    const lstm = [zeros(3, 2, 8), zeros(3, 2), zeros(8, 16), zeros(4, 16), zeros(16), zeros(2, 4)];
    const recording = { is_recording: false };
    assert.equal(run('RimAgentsLstm', [...lstm, zeros(2, 4)], 3, recording).length, 3);
    assert.throws(() => run('RimAgentsLstm', [...lstm, zeros(2, 5)], 3, recording), /c0 has shape \[2,5\]/);
    assert.throws(
      () => run('RimAgentsLstm', [zeros(3, 8), ...lstm.slice(1), zeros(2, 4)], 3, recording),
      /x has shape \[3,8\]/,
    );

    const rim = [
      ...[zeros(3, 2, 8), zeros(3, 2), zeros(4, 5, 6), zeros(8, 6), zeros(8, 7), zeros(4, 7, 20), zeros(4, 5, 20)],
      ...[zeros(4, 20), zeros(4, 5, 4), zeros(4, 5, 4), zeros(4, 5, 6), zeros(6, 5), zeros(5)],
    ];
    const sizes = { modules: 4, active_modules: 2, comm_heads: 2 };
    const states = [zeros(2, 20), zeros(2, 20)];
    assert.equal(run('RimAgentsRim', [...rim, ...states], 5, { ...sizes, ...recording }).length, 5);
    rim.forEach((tensor, i) => {
      const wrong = rim.with(i, tf.concat([tensor, tensor]));
      assert.throws(() => run('RimAgentsRim', [...wrong, ...states], 5, { ...sizes, ...recording }), /has shape \[/);
    });
    assert.throws(
      () => run('RimAgentsRim', [...rim, ...states], 5, { ...sizes, active_modules: 5, ...recording }),
      /5 active modules of 4/,
    );
    const gradient = [...rim, zeros(3, 2, 4), zeros(10), zeros(3, 2, 20), zeros(3, 2, 20)];
    assert.throws(() => run('RimAgentsRimGradient', gradient, 14, sizes), /tape has shape \[10\]/);
  });
});
