package command

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
)

// flags is the command line.
type flags struct {
	dir       string
	json      bool
	fix, diff bool
	help      bool
	init      bool
	version   bool
	tags      string
	patterns  []string

	set []func(*analyzer.Options) error // the settings given, in order
}

// parse reads the command line. The error is [flag.ErrHelp] after -h, else what is wrong.
func parse(args []string, stdout io.Writer) (*flags, error) {
	f := new(flags)
	fs := flag.NewFlagSet("poolvet", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the caller prints the error
	fs.Usage = func() {}
	f.define(fs)
	if err := fs.Parse(args); err != nil {
		if err == flag.ErrHelp {
			usage(fs, stdout)
		}
		return nil, err
	}
	f.patterns = fs.Args()
	switch {
	case len(f.patterns) == 0:
		f.patterns = []string{"./..."}
	case f.patterns[0] == "help":
		f.help, f.patterns = true, f.patterns[1:]
	case f.patterns[0] == "init":
		f.init, f.patterns = true, f.patterns[1:]
		if len(f.patterns)+len(f.set) > 0 || f.json || f.fix {
			return nil, errors.New("init takes no packages, and no flags but -C and -tags, before it")
		}
	}
	for _, pattern := range f.patterns {
		if strings.HasPrefix(pattern, "-") {
			return nil, fmt.Errorf("flag %s stands after the packages; put it before them", pattern)
		}
	}
	if f.diff && !f.fix {
		return nil, errors.New("-diff needs -fix")
	}
	return f, nil
}

func (f *flags) define(fs *flag.FlagSet) {
	fs.StringVar(&f.dir, "C", "", "change to `dir` first")
	fs.BoolVar(&f.json, "json", false, "print JSON as go vet -json does")
	fs.BoolVar(&f.fix, "fix", false, "apply the safe fixes")
	fs.BoolVar(&f.diff, "diff", false, "with -fix, print the fixes instead")
	fs.BoolVar(&f.version, "version", false, "print the version")
	fs.StringVar(&f.tags, "tags", "", "build `tags`, comma-separated (GOFLAGS=-tags=... does the same)")

	f.setting(fs, "allow", "import path `patterns` that may construct pools, comma-separated", setAllow)
	f.setting(fs, "rules", "turn rules on or off: `name[=bool]`, comma-separated", setRules)
	f.setting(fs, "max-conns", "largest pool `size` that is not reported (not set: above 97, with -strict above 15)",
		func(o *analyzer.Options, value string) (err error) { o.MaxConns, err = number(value); return err })
	f.setting(fs, "max-parallel", fmt.Sprintf("largest `number` of parallel queries in a function that is not reported (default %d)",
		analyzer.DefaultMaxParallel),
		func(o *analyzer.Options, value string) (err error) { o.MaxParallel, err = number(value); return err })
	f.setting(fs, "catalog", "`rows` of the user's own functions, as JSON", setCatalog)
	f.boolSetting(fs, "strict", "report what rests on assumptions too", func(o *analyzer.Options) *bool { return &o.Strict })
	f.boolSetting(fs, "tests", "test files too", func(o *analyzer.Options) *bool { return &o.Tests })
}

// setting defines a flag that sets the option of its name.
func (f *flags) setting(fs *flag.FlagSet, name, usage string, set func(o *analyzer.Options, value string) error) {
	fs.Func(name, usage, func(value string) error {
		f.set = append(f.set, func(o *analyzer.Options) error { return set(o, value) })
		return set(new(analyzer.Options), value) // for its error
	})
}

func (f *flags) boolSetting(fs *flag.FlagSet, name, usage string, field func(*analyzer.Options) *bool) {
	fs.BoolFunc(name, usage, func(value string) error {
		on, err := strconv.ParseBool(value)
		f.set = append(f.set, func(o *analyzer.Options) error { *field(o) = on; return nil })
		return err
	})
}

// apply changes the options as the flags say.
func (f *flags) apply(o *analyzer.Options) error {
	for _, set := range f.set {
		if err := set(o); err != nil {
			return err
		}
	}
	return o.Validate()
}

// buildFlags returns the flags for the go command.
func (f *flags) buildFlags() []string {
	if f.tags == "" {
		return nil
	}
	return []string{"-tags=" + f.tags}
}

func setAllow(o *analyzer.Options, value string) error {
	o.Allow = strings.Split(value, ",")
	return nil
}

func setCatalog(o *analyzer.Options, value string) error {
	if !json.Valid([]byte(value)) {
		return errors.New("the rows are not JSON")
	}
	return o.UnmarshalJSON([]byte(`{"catalog":` + value + `}`))
}

// setRules changes the rules that are named and leaves the others.
func setRules(o *analyzer.Options, value string) error {
	for item := range strings.SplitSeq(value, ",") {
		name, state, _ := strings.Cut(item, "=")
		on, err := strconv.ParseBool(state)
		if state != "" && err != nil {
			return fmt.Errorf("%s is neither true nor false", state)
		}
		if o.Rules == nil {
			o.Rules = make(map[string]analyzer.Rule)
		}
		rule := o.Rules[name]
		rule.On = state == "" || on
		o.Rules[name] = rule
	}
	return nil
}

func number(value string) (*int, error) {
	n, err := strconv.Atoi(value)
	if err != nil {
		return nil, fmt.Errorf("%s is not a whole number", value)
	}
	return &n, nil
}

// help prints the rules, or the documentation of those that are named.
func (r *run) help() (int, error) {
	if len(r.flags.patterns) == 0 {
		fmt.Fprint(r.stdout, "The rules; 'poolvet help RULE' explains one, 'poolvet -h' lists the flags.\n\n")
		for _, rule := range r.rules {
			title, _, _ := strings.Cut(strings.TrimPrefix(rule.Doc, rule.Name+" "), "\n")
			fmt.Fprintf(r.stdout, "  %-12s %s\n", rule.Name, title)
		}
		return exitOK, nil
	}
	for _, name := range r.flags.patterns {
		i := slices.IndexFunc(r.rules, func(rule *analysis.Analyzer) bool { return rule.Name == name })
		if i < 0 {
			return exitUsage, fmt.Errorf("no rule %s is on; 'poolvet help' lists the rules", name)
		}
		fmt.Fprintln(r.stdout, r.rules[i].Doc)
	}
	return exitOK, nil
}

func usage(fs *flag.FlagSet, w io.Writer) {
	fmt.Fprint(w, "usage: poolvet [flags] [packages]\n       go vet -vettool=$(which poolvet) [packages]\n       poolvet [-C dir] [-tags tags] init\n\n"+
		"Reports where Go programs can exhaust their database connection pools. The packages are ./... by default.\n\nflags:\n")
	fs.SetOutput(w)
	fs.PrintDefaults()
}

// buildVersion says which poolvet this is.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "poolvet (unknown version)"
	}
	return fmt.Sprintf("poolvet %s (%s)", info.Main.Version, info.GoVersion)
}
