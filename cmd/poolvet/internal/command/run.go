package command

import (
	"cmp"
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
	said           map[string]bool // why packages are not analyzed: -fix analyzes again and again
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
	failed     int      // things that could not be analyzed
	nothing    bool     // and there is nothing else
}

// incomplete reports whether something could not be analyzed.
func (f *report) incomplete() bool { return f.failed > 0 }

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
		hint := cmp.Or(r.hint(), "nothing there but other modules, or files that the build constraints exclude?")
		return nil, &failure{exitLoad, fmt.Errorf("%w %s in %s (%s)", err, strings.Join(r.patterns, " "), r.dir, hint)}
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
	found.failed = r.complain(program.Problems, graph)
	found.nothing = found.incomplete() && len(program.Packages) == 0
	ofPattern := func(problem load.Problem) bool { return problem.Package == "" }
	if hint := r.hint(); hint != "" && slices.ContainsFunc(program.Problems, ofPattern) {
		r.say("%s", hint)
	}
	return found, nil
}

// reserved is the words that mean packages to the go command; there are no such import paths.
var reserved = []string{"all", "cmd", "main", "std", "tool", "work"}

// hint says what is odd about the patterns of a run if one of them leads nowhere; "" if nothing is.
func (r *run) hint() string {
	switch {
	case config.Root(r.dir) == "":
		return fmt.Sprintf("there is no go.mod in %s or above it", r.dir)
	case config.Module(r.dir) == "":
		return "there is no go.mod beside go.work: name the folders of its modules, as in ./app/..."
	}
	for _, pattern := range r.patterns {
		folder := strings.TrimSuffix(pattern, "/...")
		if strings.HasPrefix(pattern, ".") || !filepath.IsLocal(folder) || slices.Contains(reserved, pattern) {
			continue // it is a path already, or a word of the go command
		}
		if info, err := os.Stat(filepath.Join(r.dir, folder)); err == nil && info.IsDir() {
			return fmt.Sprintf("%q is an import path; did you mean %q?", pattern, "./"+pattern)
		}
		if !strings.ContainsAny(pattern, "./") {
			return fmt.Sprintf("%q is an import path; 'poolvet help' lists the commands", pattern)
		}
	}
	return ""
}

// complain says why packages are not analyzed, and returns how many reasons there are. An error of an analyzer is said once: those
// of packages that need the failed one follow from it.
func (r *run) complain(problems []load.Problem, graph *checker.Graph) int {
	var reasons []string
	for _, problem := range problems {
		var where []string
		for _, part := range []string{problem.Package, output.Relative(r.dir, problem.Pos)} {
			if part != "" {
				where = append(where, part)
			}
		}
		reasons = append(reasons, strings.Join(append(where, problem.Text), ": "))
	}
	for act := range graph.All() {
		if act.Err != nil && !strings.HasPrefix(act.Err.Error(), "failed prerequisites") {
			reasons = append(reasons, fmt.Sprintf("%s: %v", act.Package.ID, act.Err))
		}
	}
	for _, reason := range reasons {
		if !r.said[reason] {
			r.say("%s", reason)
		}
		if r.said == nil {
			r.said = make(map[string]bool)
		}
		r.said[reason] = true
	}
	return len(reasons)
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
// requested. A run on all of the module has looked for those of packages that are gone, too; and nobody will ever find anything of a
// rule that there is not.
func (r *run) looked(found *report) func(baseline.Entry) bool {
	whole := slices.Equal(r.patterns, []string{"./..."}) && r.dir == config.Root(r.dir)
	names := ruleNames()
	return func(e baseline.Entry) bool {
		return (r.on(e.Rule) || !slices.Contains(names, e.Rule)) && (whole || e.In(found.requested))
	}
}
