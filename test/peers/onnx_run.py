"""Checks ONNX files as ONNX' own checker does, and runs them over sequences, each state fed back into the next step.

Input, JSON: [{ "file", "observations": raw file, "type", "shape": [steps, batch, ...], "keep": [steps][batch] }]
Output, JSON: [{ "metadata", "steps": [{ "logits", "value", "hidden", "states", "active"?, "nullAttention"? }] }],
flat lists
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime


def run(file, observations, type, shape, keep):
    onnx.checker.check_model(file, full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    metadata = session.get_modelmeta().custom_metadata_map
    states = json.loads(metadata["states"])
    memory = {state["input"]: np.full((shape[1], state["width"]), 9, np.float32) for state in states}  # is reset
    steps = []
    for observation, kept in zip(np.fromfile(observations, type).reshape(shape), np.array(keep, np.float32)):
        outputs = dict(zip(names, session.run(names, {"observation": observation, "keep": kept, **memory})))
        memory = {state["input"]: outputs.pop(state["output"]) for state in states}
        step = {name: output.ravel().tolist() for name, output in outputs.items()}
        steps.append({**step, "states": [state.ravel().tolist() for state in memory.values()]})
    return {"metadata": metadata, "steps": steps}


print(json.dumps([run(**job) for job in json.load(sys.stdin)]))
