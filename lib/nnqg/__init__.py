"""What the chapters of *Neural Networks, Quantum Systems and Gravity* compute with.

One package per chapter, with the chapter's name, and a few shared modules. Importing ``nnqg`` is cheap: torch is imported by
the modules that need it.
"""

__version__ = "0.1.0"
