#!/usr/bin/env bash
# Builds everything and runs all tests, one project at a time: they start builds that want the whole machine.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"
exec dotnet test --solution Orchestrator.sln --max-parallel-test-modules 1 "$@"
