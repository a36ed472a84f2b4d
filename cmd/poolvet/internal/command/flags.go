package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/output"
)

// The groups of flags in the help.
const (
	ofSettings = "settings, as in .poolvet.yml"
	ofProgram  = "what is analyzed"
	ofOutput   = "output"
)

// commonFlags are those of every command that analyzes.
func commonFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "C", Usage: "change to `dir` first", Category: ofProgram},
		&cli.StringFlag{Name: "tags", Usage: "build `tags`, comma-separated (GOFLAGS=-tags=... does the same)", Category: ofProgram},
		&cli.BoolFlag{Name: "tests", Usage: "test files too", Category: ofSettings},
		&cli.StringSliceFlag{Name: "allow", Usage: "import path `patterns` that may construct pools, comma-separated", Category: ofSettings},
		&cli.StringSliceFlag{Name: "rules", Usage: "turn rules on or off: `name[=bool]`, comma-separated", Category: ofSettings},
		&cli.StringFlag{Name: "max-conns", Category: ofSettings,
			Usage: "largest pool `size` that is not reported (not set: above 97, with -strict above 15)"},
		&cli.StringFlag{Name: "max-parallel", Category: ofSettings,
			Usage: fmt.Sprintf("largest `number` of parallel queries in a function that is not reported (not set: %d)", analyzer.DefaultMaxParallel)},
		&cli.BoolFlag{Name: "strict", Usage: "report what rests on assumptions too", Category: ofSettings},
		&cli.StringFlag{Name: "catalog", Usage: "`rows` of the user's own functions, as JSON", Category: ofSettings},
	}
}

// lintFlags are those of the command itself.
func lintFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Value: "text", Local: true, Category: ofOutput,
			Usage: "`form` of the findings: " + strings.Join(output.Names(), ", ")},
		&cli.BoolFlag{Name: "json", Usage: "short for -format json", Local: true, Category: ofOutput},
		&cli.StringFlag{Name: "color", Value: "auto", Local: true, Category: ofOutput,
			Usage: "`when` to color the text: auto (on a terminal, unless NO_COLOR is set), always, never"},
		&cli.BoolFlag{Name: "fix", Usage: "apply the safe fixes, then report what is left", Local: true, Category: ofOutput},
		&cli.BoolFlag{Name: "diff", Usage: "print the safe fixes as a patch, and change nothing", Local: true, Category: ofOutput},
		&cli.BoolFlag{Name: "no-baseline", Usage: "report what is in the baseline too", Local: true, Category: ofOutput},
		&cli.BoolFlag{Name: "version", Usage: "print the version", Local: true, Category: ofOutput},
	}
}

// apply changes the options as the flags say, which may still be without meaning. The error names the flag.
func apply(cmd *cli.Command, o *analyzer.Options) error {
	if cmd.IsSet("allow") {
		o.Allow = cmd.StringSlice("allow")
	}
	o.Rules = maps.Clone(o.Rules) // those of the file stay as they are
	for _, item := range cmd.StringSlice("rules") {
		if err := setRule(o, item); err != nil {
			return fmt.Errorf("-rules: %w", err)
		}
	}
	for name, value := range map[string]*bool{"strict": &o.Strict, "tests": &o.Tests} {
		if cmd.IsSet(name) {
			*value = cmd.Bool(name)
		}
	}
	for _, name := range []string{"max-conns", "max-parallel", "catalog"} {
		if !cmd.IsSet(name) {
			continue
		}
		if err := decode(o, name, cmd.String(name)); err != nil {
			return fmt.Errorf("-%s: %w", name, err)
		}
	}
	return nil
}

// decode sets one option to what a flag says in JSON.
func decode(o *analyzer.Options, name, value string) error {
	if !json.Valid([]byte(value)) {
		if name == "catalog" {
			return errors.New("the rows are not JSON")
		}
		value = strconv.Quote(value) // and no number
	}
	err := o.UnmarshalJSON(fmt.Appendf(nil, "{%q: %s}", name, value))
	if bad, ok := errors.AsType[*analyzer.SettingError](err); ok && len(bad.Key) > 0 {
		return &analyzer.SettingError{Key: bad.Key[1:], Text: bad.Text} // the flag is named
	}
	return err
}

// setRule turns one rule on or off and leaves the others.
func setRule(o *analyzer.Options, item string) error {
	name, state, given := strings.Cut(item, "=")
	on, err := strconv.ParseBool(state)
	if given && err != nil {
		return fmt.Errorf("%s is neither true nor false", state)
	}
	if o.Rules == nil {
		o.Rules = make(map[string]analyzer.Rule)
	}
	rule := o.Rules[name]
	rule.On = on || !given
	o.Rules[name] = rule
	return nil
}

// buildFlags returns the flags for the go command.
func buildFlags(cmd *cli.Command) []string {
	if tags := cmd.String("tags"); tags != "" {
		return []string{"-tags=" + tags}
	}
	return nil
}
