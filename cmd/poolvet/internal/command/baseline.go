package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/baseline"
)

func baselineCommand() *cli.Command {
	return &cli.Command{
		Name:      "baseline",
		Usage:     "write " + baseline.Name + ": what is found now is not reported any more",
		ArgsUsage: "[packages]",
		Description: "Findings in it are known by rule, function and code, never by line, so that only new ones are reported.\n" +
			"Run again, it drops the entries that are mended. No other command writes the file.",
		Action: writeBaseline,
	}
}

func writeBaseline(_ context.Context, cmd *cli.Command) error {
	r, err := newRun(cmd)
	if err != nil {
		return err
	}
	file := r.baselineFile()
	if file == "" {
		return usage(errors.New("there is no go.mod here or above; the baseline stands beside it"))
	}
	if len(r.rules) == 0 {
		return usage(errors.New("no rule is on"))
	}
	if slices.ContainsFunc(r.patterns, func(pattern string) bool { return strings.HasSuffix(pattern, ".go") }) {
		return usage(errors.New("baseline: name packages, not files: an entry is known by its package"))
	}
	old, err := baseline.Read(file)
	if err != nil {
		return usage(err)
	}
	p := newProgress(r.stderr)
	defer p.stop()
	found, err := r.analyze(p)
	if err != nil {
		return err
	}
	if found.incomplete() {
		return &failure{exitLoad, errors.New("no baseline is written, as not everything could be analyzed")}
	}
	return r.replaceBaseline(file, old, old.Update(found.findings, r.looked(found)))
}

// replaceBaseline writes the new content, and says what has changed. A baseline without entries is no file.
func (r *run) replaceBaseline(file string, old, updated *baseline.Baseline) error {
	added, dropped := baseline.Compare(old, updated)
	name := filepath.Base(file)
	if len(updated.Findings) == 0 {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return usage(err)
		}
		r.say("nothing is found, so there is no %s (%d dropped)", name, dropped)
		return nil
	}
	if err := updated.Write(file); err != nil {
		return usage(err)
	}
	r.say("%s has %s (%d added, %d dropped)", name, count(len(updated.Findings), "finding"), added, dropped)
	return nil
}
