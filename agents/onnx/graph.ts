import proto, { type onnx } from 'onnx-proto';
import { bytesOf } from '../bundle/safetensors.ts';
import { sealed } from './seal.ts';

/** A tensor in a graph, by its name. */
export type Value = string;

type Shape = readonly (number | string)[];
type Attribute = number | readonly number[];

const { AttributeProto, ModelProto, TensorProto } = proto.onnx; // of a CommonJS module
const { FLOAT, UINT8, INT64, BOOL } = TensorProto.DataType;
const elementTypes = { float32: FLOAT, uint8: UINT8 } as const;
export type ElementType = keyof typeof elementTypes;

interface HeldTensor {
  readonly name: string;
  readonly dataType: number;
  readonly dims: number[];
  readonly rawData: Uint8Array;
}

/** Opset 17 (ONNX 1.12), the newest whose files are of IR version 8: every runtime since mid-2022 reads it. */
const opset = 17;
const irVersion = 8;

/**
 * Builds an ONNX model (https://onnx.ai/onnx/repo-docs/IR.html) operation by operation; https://onnx.ai/onnx/operators
 * says what each takes and gives.
 */
export class Graph {
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #inputs: onnx.IValueInfoProto[] = [];
  readonly #outputs: onnx.IValueInfoProto[] = [];
  readonly #tensors = new Map<string, HeldTensor>();

  /** @param shape a name stands for a size that is free */
  input(name: string, type: ElementType, shape: Shape): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Gives `value`, of float32, out under a name. */
  output(name: string, value: Value, shape: Shape): void {
    this.#nodes.push({ opType: 'Identity', input: [value], output: [name] });
    this.#outputs.push(valueInfo(name, 'float32', shape));
  }

  /** A tensor of float32 that the file holds under a name. */
  tensor(name: string, shape: readonly number[], values: Float32Array): Value {
    return this.#hold(name, FLOAT, shape, bytesOf(values));
  }

  /** A number, to be calculated with: equal ones are one tensor, named by its value. */
  number(value: number): Value {
    return this.#hold(`number_${value}`, FLOAT, [], bytesOf(Float32Array.of(value)));
  }

  /** Whole numbers that say how an operation works: axes, sizes. */
  numbers(...values: readonly number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#hold(`numbers_${values.join('_')}`, INT64, [values.length], bytes);
  }

  /** Truth values, row-major. */
  flags(name: string, shape: readonly number[], values: readonly boolean[]): Value {
    return this.#hold(name, BOOL, shape, Uint8Array.from(values, Number));
  }

  /** An operation with one output. */
  apply(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.#add(type, inputs, attributes, 1)[0] as Value;
  }

  /** Bytes and truth values as float32. */
  toFloat(value: Value): Value {
    return this.apply('Cast', [value], { to: FLOAT });
  }

  /** Cuts a tensor into equal parts. */
  split(value: Value, parts: number, axis: number): Value[] {
    return parts === 1 ? [value] : this.#add('Split', [value], { axis }, parts);
  }

  /** The model as a file. @param metadata by name; {@link sealed} adds the file's hash */
  file(name: string, metadata: Readonly<Record<string, string>>): Uint8Array {
    const graph: onnx.IGraphProto = {
      name,
      node: this.#nodes,
      initializer: [...this.#tensors.values()],
      input: this.#inputs,
      output: this.#outputs,
    };
    const model: onnx.IModelProto = {
      irVersion,
      producerName: 'rim-agents',
      opsetImport: [{ domain: '', version: opset }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph,
    };
    return sealed(ModelProto.encode(model).finish());
  }

  #add(type: string, input: readonly Value[], attributes: Readonly<Record<string, Attribute>>, outputs: number) {
    const id = `${type}_${this.#nodes.length}`;
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? id : `${id}.${i}`));
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.#nodes.push({ opType: type, name: id, input: [...input], output, attribute });
    return output;
  }

  #hold(name: string, dataType: number, dims: readonly number[], rawData: Uint8Array): Value {
    const held = this.#tensors.get(name);
    if (held && !isSame(held, { dataType, dims, rawData }))
      throw new RangeError(`the graph holds another tensor "${name}" already`);
    if (!held) this.#tensors.set(name, { name, dataType, dims: [...dims], rawData });
    return name;
  }
}

function valueInfo(name: string, type: ElementType, shape: Shape): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

/** All attributes that are used here are whole numbers. */
function attributeProto(name: string, value: Attribute): onnx.IAttributeProto {
  const { INT, INTS } = AttributeProto.AttributeType;
  return typeof value === 'number' ? { name, type: INT, i: value } : { name, type: INTS, ints: [...value] };
}

function isSame(
  held: HeldTensor,
  { dataType, dims, rawData }: Omit<HeldTensor, 'name' | 'dims'> & { dims: readonly number[] },
): boolean {
  return (
    held.dataType === dataType &&
    held.dims.join() === dims.join() &&
    held.rawData.length === rawData.length &&
    held.rawData.every((byte, i) => byte === rawData[i])
  );
}
