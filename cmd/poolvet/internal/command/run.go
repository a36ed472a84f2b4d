package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/baseline"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/load"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/output"
)

// run is what the commands that analyze have in common.
type run struct {
	stdout, stderr io.Writer
	dir            string // working directory
	patterns       []string
	buildFlags     []string
	file           config.File
	options        analyzer.Options // those of the file, changed by flags
	rules          []*analysis.Analyzer
}

// enter returns the run of a command, without settings, in the working directory that the flags name.
func enter(cmd *cli.Command) (*run, error) {
	r := &run{
		stdout: cmd.Root().Writer, stderr: cmd.Root().ErrWriter,
		patterns: cmd.Args().Slice(), buildFlags: buildFlags(cmd),
	}
	if len(r.patterns) == 0 {
		r.patterns = []string{"./..."}
	}
	if dir := cmd.String("C"); dir != "" {
		if err := os.Chdir(dir); err != nil {
			return nil, usage(err)
		}
	}
	var err error
	if r.dir, err = os.Getwd(); err != nil {
		return nil, usage(err)
	}
	return r, nil
}

// newRun reads the settings of a command. The error is a failure for the user.
func newRun(cmd *cli.Command) (*run, error) {
	r, err := enter(cmd)
	if err != nil {
		return nil, err
	}
	if r.file, err = config.Open(r.dir); err != nil {
		return nil, usage(err)
	}
	r.options = r.file.Options
	if err := apply(cmd, &r.options); err != nil {
		return nil, usage(err)
	}
	if r.rules, err = analyzer.New(r.options); err != nil {
		return nil, usage(r.file.Locate(r.options, err))
	}
	return r, nil
}

// root is the folder that the settings lie in: that of the file, or the module's if they come from flags alone.
func (r *run) root() string {
	if r.file.Path != "" {
		return filepath.Dir(r.file.Path)
	}
	return config.Root(r.dir)
}

// report is what an analysis has found.
type report struct {
	findings   []finding.Finding // those that comments silence included
	understood understood
	requested  []string // the import paths of the packages
	libraries  []string // those of the catalog that the program uses
	incomplete bool     // something could not be analyzed
	nothing    bool     // and there is nothing else
}

// analyze loads the program and runs the rules. What could not be analyzed it says at once. The error is a failure for the user.
func (r *run) analyze(p *progress) (*report, error) {
	p.say("loading packages")
	program, err := load.Query(load.Request{
		Patterns:   r.patterns,
		Tests:      r.options.Tests,
		BuildFlags: r.buildFlags,
		Libraries:  analyzer.Libraries(),
		Wrappers:   r.options.Wrappers(),
		Slow:       r.options.IsSlow,
		Root:       r.root(),
	})
	switch {
	case errors.Is(err, load.ErrNoPackages):
		return nil, &failure{exitLoad, fmt.Errorf("%w %s in %s (nothing there but other modules, or files that the build constraints exclude?)",
			err, strings.Join(r.patterns, " "), r.dir)}
	case err != nil:
		return nil, &failure{exitLoad, err}
	}
	if err := config.CheckNested(r.dir, program.Dirs()); err != nil {
		return nil, usage(err)
	}
	program.Load()
	if err := r.options.CheckProgram(program); err != nil {
		return nil, usage(r.file.Locate(r.options, err))
	}
	summary := analyzer.Summary(r.rules)
	p.count(summary, program.Analyzed())
	graph, err := checker.Analyze(append(slices.Clip(r.rules), summary), program.Packages, nil)
	if err != nil {
		return nil, &failure{exitLoad, err}
	}
	p.stop()
	found := &report{
		findings: finding.Collect(graph.Roots), understood: sum(graph, summary),
		requested: program.Requested(), libraries: program.Uses(),
	}
	found.incomplete = r.complain(program.Problems, graph)
	found.nothing = found.incomplete && len(program.Packages) == 0
	return found, nil
}

// complain says why packages are not analyzed, and reports whether there are such. An error of an analyzer is said once: those of
// packages that need the failed one follow from it.
func (r *run) complain(problems []load.Problem, graph *checker.Graph) (incomplete bool) {
	for _, problem := range problems {
		incomplete = true
		var where []string
		for _, part := range []string{problem.Package, output.Relative(r.dir, problem.Pos)} {
			if part != "" {
				where = append(where, part)
			}
		}
		r.say("%s", strings.Join(append(where, problem.Text), ": "))
	}
	for act := range graph.All() {
		if act.Err == nil {
			continue
		}
		incomplete = true
		if !strings.HasPrefix(act.Err.Error(), "failed prerequisites") {
			r.say("%s: %v", act.Package.ID, act.Err)
		}
	}
	return incomplete
}

// say prints a line for the user.
func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.stderr, "poolvet: "+format+"\n", args...)
}

// on reports whether a rule runs.
func (r *run) on(name string) bool {
	return slices.ContainsFunc(r.rules, func(rule *analysis.Analyzer) bool { return rule.Name == name })
}

// baselineFile is where the baseline is, or would be; "" outside a module.
func (r *run) baselineFile() string {
	root := config.Root(r.dir)
	if root == "" {
		return ""
	}
	return filepath.Join(root, baseline.Name)
}

// looked reports which entries of a baseline a run has looked for: those of the rules that are on, in the packages that were
// requested. A run on all of the module has looked for those of packages that are gone, too.
func (r *run) looked(found *report) func(baseline.Entry) bool {
	whole := slices.Equal(r.patterns, []string{"./..."}) && r.dir == config.Root(r.dir)
	return func(e baseline.Entry) bool { return r.on(e.Rule) && (whole || e.In(found.requested)) }
}
