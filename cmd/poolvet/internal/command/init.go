package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/initial"
)

func initCommand() *cli.Command {
	return &cli.Command{
		Name:  "init",
		Usage: "write a " + config.Name + " that fits the module, and print what other tools need",
		Description: "It finds where pools are built and allows that; all other settings are there as comments. Standard output has\n" +
			"snippets for golangci-lint, go vet, pre-commit and lefthook.",
		Action: initialize,
	}
}

// initialize writes the first settings of the module that the working directory is in, and prints what other tools need.
func initialize(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Present() {
		return usage(errors.New("init: takes no packages: the settings are those of the whole module"))
	}
	for _, s := range analyzer.Settings() {
		if cmd.IsSet(s.Name) {
			return usage(fmt.Errorf("init: -%s is not for it: it looks at the module as if there were no settings", s.Name))
		}
	}
	r, err := enter(cmd)
	if err != nil {
		return err
	}
	module := config.Module(r.dir)
	if module == "" {
		return usage(fmt.Errorf("init: there is no go.mod in %s or above it, and the file would lie beside it", r.dir))
	}
	if err := initial.Vacant(module); err != nil {
		return usage(fmt.Errorf("init: %w", err))
	}
	if r.rules, err = analyzer.New(analyzer.Options{}); err != nil {
		return usage(err)
	}
	found, err := r.survey(module)
	if err != nil {
		return err
	}
	if err := initial.Write(module, found); err != nil {
		return usage(fmt.Errorf("init: %w", err))
	}
	r.announce(module, found)
	fmt.Fprint(r.stdout, initial.Snippets())
	return nil
}

// survey analyzes the whole module, as if it had no settings.
func (r *run) survey(module string) (initial.Found, error) {
	var none initial.Found
	if err := os.Chdir(module); err != nil {
		return none, usage(err)
	}
	p := newProgress(r.stderr)
	defer p.stop()
	whole := &run{stdout: r.stdout, stderr: r.stderr, dir: module, patterns: []string{"./..."}, buildFlags: r.buildFlags, rules: r.rules}
	report, err := whole.analyze(p)
	if err != nil {
		return none, err
	}
	if report.incomplete {
		return none, &failure{exitLoad, errors.New("init: nothing is written: where pools are built cannot be seen")}
	}
	found := initial.Found{Libraries: report.libraries}
	builds := report.understood.builds
	for _, place := range slices.Sorted(maps.Keys(builds)) {
		found.Places = append(found.Places, initial.Place{Package: place, Constructors: builds[place]})
	}
	return found, nil
}

// announce says what was written.
func (r *run) announce(module string, found initial.Found) {
	file := filepath.Join(module, config.Name)
	if rel, err := filepath.Rel(r.dir, file); err == nil {
		file = rel
	}
	r.say("wrote %s", file)
	if len(found.Places) == 0 {
		r.say("no package of this module builds a pool; allow is not set")
		return
	}
	var allowed []string
	for _, place := range found.Places {
		allowed = append(allowed, place.Package)
	}
	r.say("pools are built in %s; allow has all of them, shorten it to those that should", strings.Join(allowed, ", "))
}
