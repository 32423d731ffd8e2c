"""What Python's safetensors finds in the file that is named, as JSON.

{ "tensors": { name: { "shape", "dtype", "hex": values } }, "metadata", "sha256": as docs/bundle.md says to make it }
"""

import hashlib
import json
import sys

from safetensors import deserialize

with open(sys.argv[1], "rb") as file:
    content = file.read()
end = 8 + int.from_bytes(content[:8], "little")
metadata = json.loads(content[8:end])["__metadata__"]
learned = f"{metadata['agentStep']}/{metadata['update']}".encode()
tensors = {
    name: {"shape": tensor["shape"], "dtype": tensor["dtype"], "hex": bytes(tensor["data"]).hex()}
    for name, tensor in deserialize(content)
}
sha256 = hashlib.sha256(content[end:] + learned).hexdigest()
print(json.dumps({"tensors": tensors, "metadata": metadata, "sha256": sha256}))
