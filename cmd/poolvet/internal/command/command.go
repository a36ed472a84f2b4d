// Package command is poolvet run by hand: flags in, findings out.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/load"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/output"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/multichecker"
)

// The exit status; package main says what each means.
const (
	exitOK = iota
	exitFindings
	exitUsage
	exitLoad
)

// Run does what the arguments say and returns the exit status.
func Run(args []string, stdout, stderr io.Writer) int {
	f, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "poolvet: %v\nRun 'poolvet -h' for the flags.\n", err)
		return exitUsage
	case f.version:
		fmt.Fprintln(stdout, buildVersion())
		return exitOK
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a short run: a tenth less CPU for a third more memory
	}
	r := &run{flags: f, stdout: stdout, stderr: stderr}
	status, err := r.do()
	if err != nil {
		fmt.Fprintf(stderr, "poolvet: %v\n", err)
	}
	return status
}

// run is one run of the command.
type run struct {
	flags          *flags
	stdout, stderr io.Writer
	dir            string // working directory
	file           config.File
	options        analyzer.Options // those of the file, changed by flags
	rules          []*analysis.Analyzer
	incomplete     bool // something could not be analyzed
}

// do returns the exit status and an error that is not printed yet.
func (r *run) do() (int, error) {
	if r.flags.init {
		return r.initialize()
	}
	if err := r.configure(); err != nil {
		return exitUsage, err
	}
	if r.flags.help {
		return r.help()
	}
	if len(r.rules) == 0 {
		fmt.Fprintln(r.stderr, "poolvet: no rule is on")
		return exitOK, r.print(nil)
	}
	if r.flags.fix {
		r.fix()
	}
	program, err := load.Query(load.Request{
		Patterns:   r.flags.patterns,
		Tests:      r.options.Tests,
		BuildFlags: r.flags.buildFlags(),
		Libraries:  analyzer.Libraries(),
		Wrappers:   r.options.Wrappers(),
		Slow:       r.options.IsSlow,
		Root:       r.root(),
	})
	switch {
	case errors.Is(err, load.ErrNoPackages):
		return exitLoad, fmt.Errorf("%w %s in %s (nothing there but other modules, or files that the build constraints exclude?)",
			err, strings.Join(r.flags.patterns, " "), r.dir)
	case err != nil:
		return exitLoad, err
	}
	if err := config.CheckNested(r.dir, program.Dirs()); err != nil {
		return exitUsage, err
	}
	return r.analyze(program)
}

// enter sets the working directory.
func (r *run) enter() error {
	if r.flags.dir != "" {
		if err := os.Chdir(r.flags.dir); err != nil {
			return err
		}
	}
	var err error
	r.dir, err = os.Getwd()
	return err
}

// configure sets the working directory, the options and the rules.
func (r *run) configure() error {
	err := r.enter()
	if err != nil {
		return err
	}
	if r.file, err = config.Open(r.dir); err != nil {
		return err
	}
	r.options = r.file.Options
	if err = r.flags.apply(&r.options); err != nil {
		return err
	}
	r.rules, err = analyzer.New(r.options)
	return err
}

// root returns the folder that the settings lie in: that of the file, or the module's if they come from flags alone.
func (r *run) root() string {
	if r.file.Path != "" {
		return filepath.Dir(r.file.Path)
	}
	return config.Root(r.dir)
}

// fix leaves the fixes to multichecker, which exits. It loads all imports from source.
func (r *run) fix() {
	if r.flags.tags != "" {
		os.Setenv("GOFLAGS", os.Getenv("GOFLAGS")+" -tags="+r.flags.tags) // multichecker has no tags
	}
	os.Args = []string{os.Args[0], "-fix", fmt.Sprintf("-diff=%t", r.flags.diff), fmt.Sprintf("-test=%t", r.options.Tests)}
	os.Args = append(os.Args, r.flags.patterns...)
	multichecker.Main(r.rules...)
}

// analyze runs the rules and prints what they find.
func (r *run) analyze(program *load.Program) (int, error) {
	program.Load()
	if err := r.options.CheckProgram(program); err != nil {
		return exitUsage, r.file.Locate(r.options, err)
	}
	for _, problem := range program.Problems {
		r.complain(problem)
	}
	summary := analyzer.Summary(r.rules)
	graph, err := checker.Analyze(append(slices.Clip(r.rules), summary), program.Packages, nil)
	if err != nil {
		return exitLoad, err
	}
	r.complainOfFailures(graph)
	findings := finding.Collect(graph.Roots)
	if err := r.print(findings); err != nil {
		return exitLoad, err
	}
	if len(program.Packages) > 0 || !r.incomplete {
		total := sum(graph, summary)
		r.summarize(total, len(findings))
		r.connsAtOnce(total)
		r.placesOfPools(total)
	}
	return r.status(len(findings)), nil
}

func (r *run) print(findings []finding.Finding) error {
	report := &output.Report{Dir: r.dir, Version: buildVersion(), Rules: r.rules, Findings: findings}
	if r.flags.json {
		return output.JSON(r.stdout, report)
	}
	return output.Text(r.stdout, report)
}

func (r *run) status(findings int) int {
	switch {
	case r.incomplete:
		return exitLoad
	case findings > 0 && !r.flags.json:
		return exitFindings
	}
	return exitOK
}

// complain says why a package is not analyzed.
func (r *run) complain(problem load.Problem) {
	r.incomplete = true
	var where []string
	for _, part := range []string{problem.Package, output.Relative(r.dir, problem.Pos)} {
		if part != "" {
			where = append(where, part)
		}
	}
	fmt.Fprintf(r.stderr, "poolvet: %s\n", strings.Join(append(where, problem.Text), ": "))
}

// complainOfFailures prints each error of an analyzer once; those of packages that need the failed one follow from it.
func (r *run) complainOfFailures(graph *checker.Graph) {
	for act := range graph.All() {
		if act.Err == nil {
			continue
		}
		r.incomplete = true
		if !strings.HasPrefix(act.Err.Error(), "failed prerequisites") {
			fmt.Fprintf(r.stderr, "poolvet: %s: %v\n", act.Package.ID, act.Err)
		}
	}
}
