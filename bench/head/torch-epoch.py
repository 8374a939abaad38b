"""CPU seconds of training epochs of a linear head in PyTorch, one per line: rows inputs classes batch epochs kind threads."""

import sys
import time

import torch

rows, inputs, classes, batch, epochs = map(int, sys.argv[1:6])
torch.set_num_threads(int(sys.argv[7]))
torch.manual_seed(1)
x = torch.randn(rows, inputs)
y = torch.randint(0, classes, (rows,))
layer = torch.nn.Linear(inputs, classes)
optimizer = torch.optim.AdamW(layer.parameters(), lr=1e-3, weight_decay=1.0, fused=sys.argv[6] == "fused")
for _ in range(epochs):
    start = time.process_time()
    order = torch.randperm(rows)
    for at in range(0, rows, batch):
        chosen = order[at : at + batch]
        loss = torch.nn.functional.cross_entropy(layer(x[chosen]), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(time.process_time() - start, flush=True)
