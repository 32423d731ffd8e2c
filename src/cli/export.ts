import { statSync } from 'node:fs';
import { Option } from 'commander';
import { exportAgent, type ExportForm, exportForms } from '../export/export-agent.ts';
import { bytes, grouped } from '../text/words.ts';
import { command, runCommand } from './main.ts';

interface Options {
  readonly to: ExportForm;
  readonly out: string;
  readonly json?: boolean;
}

await runCommand(async () => {
  const program = command(
    'export',
    "Writes a run's agent for others to use: as an ONNX file for onnxruntime, or as a bundle of agent.json and " +
      'weights.safetensors. docs/export.md describes both.',
  )
    .argument('<run>', 'folder of a run, or of a bundle')
    .addOption(new Option('--to <form>', 'what to write').choices(exportForms).makeOptionMandatory())
    .requiredOption('--out <path>', 'the new file (onnx) or folder (bundle)')
    .option('--json', 'print what was written as JSON')
    .parse();
  const { to, out, json } = program.opts<Options>();
  const [run] = program.args as [string];
  const { manifest, agentStep, sha256 } = await exportAgent(run, to, out);
  const { agent, environment } = manifest;
  const described = { out, to, game: environment.game, core: agent.core.kind, agentStep, sha256 };
  const size = to === 'onnx' ? ` (${bytes(statSync(out).size)})` : '';
  process.stdout.write(
    json
      ? `${JSON.stringify(described, null, 2)}\n`
      : `${out}${size}: ${agent.core.kind} on ${environment.game} after ${grouped(agentStep)} steps\n`,
  );
});
