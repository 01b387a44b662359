"""PyTorch-BigGraph on a graph like that of `bin/prove training-speed`: edges per CPU second of one worker.

    PYTHONPATH=CHECKOUT python3 benchmarks/peers/pytorch_biggraph.py DIRECTORY

CHECKOUT is a checkout of facebookresearch/PyTorch-BigGraph; its requirements (torch, attrs, h5py, tqdm, numpy) must be there.
The graph and the model are written to DIRECTORY. Two epochs; the second one counts, for the first holds the start.
"""

import os
import random
import resource
import shutil
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import torch  # noqa: E402
from torchbiggraph.config import ConfigSchema  # noqa: E402
from torchbiggraph.converters.importers import TSVEdgelistReader, convert_input_data  # noqa: E402
from torchbiggraph.train import train  # noqa: E402
from torchbiggraph.util import SubprocessInitializer  # noqa: E402

ENTITIES = 200_000
EDGES = 1_000_000


def config(root, epochs):
    return ConfigSchema.from_dict(
        dict(
            entity_path=str(root / "entities"),
            edge_paths=[str(root / "edges")],
            checkpoint_path=str(root / "model"),
            entities={"user": {"num_partitions": 1}},
            relations=[{"name": "follow", "lhs": "user", "rhs": "user", "operator": "translation"}],
            dimension=128,
            comparator="dot",
            loss_fn="logistic",
            lr=0.1,
            num_epochs=epochs,
            batch_size=1000,
            num_batch_negs=50,  # 100 negatives a side
            num_uniform_negs=50,
            workers=1,
            eval_fraction=0,
        )
    )


def write_graph(root):
    generator = random.Random(1)
    with open(root / "follow.tsv", "w") as out:
        for _ in range(EDGES):
            head = generator.randrange(ENTITIES)
            tail = int(generator.random() ** 2 * ENTITIES)
            if head != tail:
                out.write(f"{head}\t{tail}\n")
    c = config(root, 1)
    reader = TSVEdgelistReader(lhs_col=0, rhs_col=1, rel_col=None)
    convert_input_data(c.entities, c.relations, c.entity_path, c.edge_paths, [root / "follow.tsv"], reader)


def cpu_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main():
    torch.set_num_threads(1)
    root = Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "edges").exists():
        write_graph(root)
    shutil.rmtree(root / "model", ignore_errors=True)
    for epochs in (1, 2):
        before = cpu_seconds()
        train(config(root, epochs), subprocess_init=SubprocessInitializer())
        print(f"epoch {epochs}: {EDGES / (cpu_seconds() - before):,.0f} edges per CPU second", flush=True)


if __name__ == "__main__":
    main()
