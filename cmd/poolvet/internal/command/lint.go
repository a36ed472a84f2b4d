package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/baseline"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/fix"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/output"
)

// linter is the command without a name: it reports findings.
type linter struct {
	*run
	format   output.Format
	color    bool
	terminal bool // for the findings
	fix      bool
	diff     bool
	json     bool // go vet -json has the status 0
	known    *baseline.Baseline
	start    time.Time
}

func lint(_ context.Context, cmd *cli.Command) error {
	if cmd.Bool("version") {
		own, goVersion := version()
		fmt.Fprintf(cmd.Root().Writer, "poolvet %s (%s)\n", cmp.Or(own, "(unknown)"), goVersion)
		return nil
	}
	start := time.Now()
	l, err := newLinter(cmd)
	if err != nil {
		return err
	}
	l.start = start
	if len(l.rules) == 0 {
		l.say("no rule is on")
		return l.print(nil, false)
	}
	found, err := l.search()
	if err != nil {
		return err
	}
	if l.diff {
		return l.patch(found)
	}
	if l.fix {
		if found, err = l.mend(found); err != nil {
			return err
		}
	}
	if err := l.print(found.findings, found.incomplete()); err != nil {
		return err
	}
	l.conclude(found)
	return l.status(found)
}

func newLinter(cmd *cli.Command) (*linter, error) {
	name := cmd.String("format")
	switch {
	case cmd.Bool("json") && cmd.IsSet("format") && name != "json":
		return nil, usage(errors.New("-json and -format contradict each other; leave one out"))
	case cmd.Bool("diff") && (cmd.Bool("json") || cmd.IsSet("format")):
		return nil, usage(errors.New("-diff prints a patch and no other format; leave one out"))
	case cmd.Bool("json"):
		name = "json"
	}
	format, ok := output.Named(name)
	if !ok {
		return nil, usage(analyzer.Unknown("format", name, output.Names()))
	}
	color, err := wantsColor(cmd.String("color"), cmd.Root().Writer)
	if err != nil {
		return nil, usage(err)
	}
	r, err := newRun(cmd)
	if err != nil {
		return nil, err
	}
	l := &linter{run: r, format: format, color: color, terminal: isTerminal(r.stdout), json: name == "json"}
	l.fix, l.diff = cmd.Bool("fix"), cmd.Bool("diff")
	l.known = new(baseline.Baseline)
	if file := r.baselineFile(); file != "" && !cmd.Bool("no-baseline") {
		if l.known, err = baseline.Read(file); err != nil {
			return nil, usage(err)
		}
	}
	return l, nil
}

// search analyzes, and silences what the baseline has.
func (l *linter) search() (*report, error) {
	p := newProgress(l.stderr)
	defer p.stop()
	found, err := l.analyze(p)
	if err != nil {
		return nil, err
	}
	l.known.Silence(found.findings)
	return found, nil
}

// patch prints what the fixes would change.
func (l *linter) patch(found *report) error {
	changes, err := fix.Of(found.findings)
	if err != nil {
		return &failure{exitLoad, err}
	}
	if err := changes.Diff(l.stdout, l.dir); err != nil {
		return &failure{exitLoad, err}
	}
	switch {
	case found.incomplete():
		return &failure{status: exitLoad}
	case changes.Fixed > 0:
		return &failure{status: exitFindings}
	}
	return nil
}

// maxRounds bounds the fixes that make room for others.
const maxRounds = 5

// mend applies the fixes, and analyzes what became of the program. If that cannot be analyzed any more, the files are as they were
// before.
func (l *linter) mend(found *report) (*report, error) {
	fixed, files := 0, make(map[string]bool)
	for range maxRounds {
		changes, err := fix.Of(found.findings)
		if err != nil {
			return nil, &failure{exitLoad, err}
		}
		if changes.Fixed == 0 {
			break
		}
		if err := changes.Write(); err != nil {
			return nil, usage(err)
		}
		before := found
		if found, err = l.search(); err == nil && found.failed > before.failed {
			err = &failure{exitLoad, errors.New("internal error: a fix does not compile, see above; the files are as they were, please report this")}
		}
		if err != nil {
			if undone := changes.Revert(); undone != nil {
				return nil, &failure{exitLoad, undone}
			}
			return nil, err
		}
		fixed += changes.Fixed
		for _, f := range changes.Files {
			files[f.Name] = true
		}
	}
	l.say("fixed %s in %s", count(fixed, "finding"), count(len(files), "file"))
	return found, nil
}

func (l *linter) print(findings []finding.Finding, incomplete bool) error {
	own, _ := version()
	err := l.format(l.stdout, &output.Report{
		Dir: l.dir, Root: config.Repository(l.dir), Version: own, Rules: l.rules, Findings: findings, Incomplete: incomplete,
		Heading: l.terminal, Color: l.color, Width: width(l.stdout),
	})
	if err != nil {
		return &failure{exitLoad, err}
	}
	return nil
}

// conclude says what is not of one place: how much was understood, and what only the whole program shows.
func (l *linter) conclude(found *report) {
	if found.nothing {
		return // nothing was analyzed, and that is said
	}
	l.summarize(found)
	if stale := l.known.Stale(found.findings, l.looked(found)); len(stale) > 0 && !found.incomplete() {
		names := make([]string, 0, maxPlaces)
		for _, e := range stale[:min(len(stale), maxPlaces)] {
			names = append(names, e.Rule+" in "+e.Function)
		}
		if more := len(stale) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("%d more", more))
		}
		l.say("%s of %s no longer found; 'poolvet baseline' drops them: %s", count(len(stale), "entry"), baseline.Name, strings.Join(names, ", "))
	}
	l.connsAtOnce(found.understood)
	l.placesOfPools(found.understood)
}

func (l *linter) status(found *report) error {
	switch {
	case found.incomplete():
		return &failure{status: exitLoad}
	case len(finding.Reported(found.findings)) > 0 && !l.json:
		return &failure{status: exitFindings}
	}
	return nil
}
