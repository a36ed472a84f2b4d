package command

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/initial"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/load"
)

// initialize writes the first settings of the module that the working directory is in, and prints what other tools need.
func (r *run) initialize() (int, error) {
	if err := r.enter(); err != nil {
		return exitUsage, err
	}
	module := config.Module(r.dir)
	if module == "" {
		return exitUsage, fmt.Errorf("init: there is no go.mod in %s or above it, and the file would lie beside it", r.dir)
	}
	if err := initial.Vacant(module); err != nil {
		return exitUsage, fmt.Errorf("init: %w", err)
	}
	if err := os.Chdir(module); err != nil {
		return exitUsage, err
	}
	found, status, err := r.survey(module)
	if status != exitOK {
		return status, err
	}
	if err := initial.Write(module, found); err != nil {
		return exitUsage, fmt.Errorf("init: %w", err)
	}
	r.announce(module, found)
	fmt.Fprint(r.stdout, initial.Snippets())
	return exitOK, nil
}

// survey analyzes the whole module, whose folder is the working directory, as if it had no settings.
func (r *run) survey(module string) (initial.Found, int, error) {
	var found initial.Found
	rules, err := analyzer.New(analyzer.Options{})
	if err != nil {
		return found, exitUsage, err
	}
	program, err := load.Query(load.Request{
		Patterns: []string{"./..."}, BuildFlags: r.flags.buildFlags(), Libraries: analyzer.Libraries(), Slow: analyzer.Options{}.IsSlow,
	})
	if errors.Is(err, load.ErrNoPackages) {
		return found, exitLoad, fmt.Errorf("init: there are no packages in %s", module)
	}
	if err != nil {
		return found, exitLoad, err
	}
	if err := config.CheckNested(module, program.Dirs()); err != nil {
		return found, exitUsage, fmt.Errorf("init: %w", err)
	}
	program.Load()
	for _, problem := range program.Problems {
		r.complain(problem)
	}
	summary := analyzer.Summary(rules)
	graph, err := checker.Analyze([]*analysis.Analyzer{summary}, program.Packages, nil)
	if err != nil {
		return found, exitLoad, err
	}
	r.complainOfFailures(graph)
	if r.incomplete {
		return found, exitLoad, errors.New("init: nothing is written: where pools are built cannot be seen")
	}
	builds := sum(graph, summary).builds
	for _, place := range slices.Sorted(maps.Keys(builds)) {
		found.Places = append(found.Places, initial.Place{Package: place, Constructors: builds[place]})
	}
	found.Libraries = program.Uses()
	return found, exitOK, nil
}

// announce says what was written.
func (r *run) announce(module string, found initial.Found) {
	file := filepath.Join(module, config.Name)
	if rel, err := filepath.Rel(r.dir, file); err == nil {
		file = rel
	}
	fmt.Fprintf(r.stderr, "poolvet: wrote %s\n", file)
	if len(found.Places) == 0 {
		fmt.Fprintln(r.stderr, "poolvet: no package of this module builds a pool; allow is not set")
		return
	}
	var allowed []string
	for _, place := range found.Places {
		allowed = append(allowed, place.Package)
	}
	fmt.Fprintf(r.stderr, "poolvet: pools are built in %s; allow has all of them, shorten it to those that should\n", strings.Join(allowed, ", "))
}
