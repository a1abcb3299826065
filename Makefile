# The commands of the book. `make` alone lists them.

.NOTPARALLEL:
SHELL := /bin/sh
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1
export PYTHONUTF8 := 1
unexport PYTHONPATH PYTHONHOME
.DEFAULT_GOAL := help
.PHONY: help setup book pdf test lab notebooks serve coursework grade bench regen figure clean execute

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## install what uv.lock says into .venv (TORCH=cpu for torch's CPU build)
	@tools/setup.sh

book: setup execute ## execute every page from cold, build the book, say where it lies (SOLUTIONS=no: without solutions)
	@$(PYTHON) tools/book/export.py
	@$(PYTHON) tools/book/render.py

pdf: setup ## print the built book as _build/nnqg.pdf
	@tools/chromium.sh
	@$(PYTHON) tools/book/pdf.py

test: setup ## the same, then check everything
	@tools/check.sh

lab: setup ## JupyterLab, in which the pages open as notebooks
	@$(PYTHON) tools/book/lab.py

notebooks: setup ## export the pages, solutions included, and their exercises as .ipynb
	@$(PYTHON) tools/book/export.py

serve: book ## build the book and show it on http://localhost:8000
	@cd _build/html && ../../$(PYTHON) -m http.server 8000 --bind 127.0.0.1

coursework: setup ## write the student notebooks and the nbgrader release (CHOICE=file.toml: of these exercises only)
	@$(PYTHON) tools/coursework --output _build/coursework $(if $(CHOICE),--choice "$(CHOICE)")

grade: setup ## mark the copies in the folder COPIES, made as the page "Teaching with this book" says
	@test -n "$(COPIES)" || { echo "say where the copies lie: make grade COPIES=folder"; exit 1; }
	@$(PYTHON) tools/coursework grade "$(COPIES)"

bench: ## time the library side by side with the baselines, which it installs
	@tools/setup.sh peers
	@OMP_NUM_THREADS=1 $(PYTHON) benchmarks/run.py

regen: setup execute ## accept changed text outputs as the new references, and keep the proof that two executions agree
	@$(PYTHON) tools/book/execute.py --second
	@$(PYTHON) tools/book/references.py

figure: setup execute ## make the figure of the README again from the executed page
	@$(PYTHON) tools/book/readme_figure.py

clean: ## remove everything that was built (the installed packages stay)
	rm -rf _build .pytest_cache .ruff_cache .hypothesis chapters/reference/library/*/

execute: setup
	@$(PYTHON) tools/book/execute.py
