// Package command is poolvet run by hand: flags in, findings out.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/poolvet/poolvet/analyzer"
)

// The exit status; package main says what each means.
const (
	exitOK = iota
	exitFindings
	exitUsage
	exitLoad
)

// failure ends a command with a status. Its error is still to be printed; nil if all is said.
type failure struct {
	status int
	err    error
}

func (f *failure) Error() string { return fmt.Sprint(f.err) }

// usage is the failure for what the user has written.
func usage(err error) error { return &failure{exitUsage, err} }

// Run does what the arguments say and returns the exit status.
func Run(args []string, stdout, stderr io.Writer) int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a short run: a tenth less CPU for a third more memory
	}
	root := newRoot(stdout, stderr)
	err := root.Run(context.Background(), append([]string{"poolvet"}, args...))
	if err == nil {
		return exitOK
	}
	f, known := errors.AsType[*failure](err)
	if !known {
		f = &failure{exitUsage, suggest(root, err)}
	}
	if f.err != nil {
		fmt.Fprintf(stderr, "poolvet: %v\n", f.err)
	}
	if !known {
		fmt.Fprintln(stderr, "Run 'poolvet help' for the commands and flags.")
	}
	return f.status
}

// suggest adds the nearest flag to the error for one that there is not.
func suggest(root *cli.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var known []string
	for _, f := range root.Flags {
		known = append(known, "-"+f.Names()[0])
	}
	slices.Sort(known)
	return analyzer.Unknown("flag", "-"+name, known)
}

// init has the help show flags as the Go tools write them, with one dash. Two are understood as well.
func init() {
	twoDashes := cli.FlagStringer
	cli.FlagStringer = func(f cli.Flag) string { return strings.ReplaceAll(twoDashes(f), "--", "-") }
}

func newRoot(stdout, stderr io.Writer) *cli.Command {
	root := &cli.Command{
		Name:      "poolvet",
		Usage:     "reports where Go programs can exhaust their database connection pools",
		UsageText: "poolvet [flags] [packages]\npoolvet command [flags] [arguments]\ngo vet -vettool=$(which poolvet) [packages]",
		Description: "The packages are ./... by default. The settings come from .poolvet.yml beside go.mod, and from flags, which win.\n" +
			"The exit status is 1 if there are findings, 2 if the arguments or settings are wrong, 3 if a package cannot be analyzed.",
		Flags: append(lintFlags(), commonFlags()...),
		Commands: []*cli.Command{
			initCommand(), baselineCommand(), rulesCommand(), explainCommand(), helpCommand(),
		},
		Action:                lint,
		Writer:                stdout,
		ErrWriter:             stderr,
		HideHelpCommand:       true, // it is one of the commands
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden, c.Usage, c.ArgsUsage = false, "print a script that completes commands and flags in a shell", "bash|zsh|fish|pwsh"
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // Run does that
	}
	for _, c := range append(root.Commands, root) {
		c.OnUsageError = func(_ context.Context, _ *cli.Command, err error, _ bool) error { return err } // Run prints it
	}
	return root
}

func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "explain a command, or a rule",
		ArgsUsage: "[command | rule]",
		Action: func(ctx context.Context, cmd *cli.Command) error {
			name := cmd.Args().First()
			switch {
			case name == "":
				return cli.ShowRootCommandHelp(cmd.Root())
			case cmd.Root().Command(name) != nil:
				return cli.ShowSubcommandHelp(cmd.Root().Command(name))
			}
			return explain(ctx, cmd)
		},
	}
}

// version is the version of this poolvet, and of the Go that built it; empty if it was not built by the go command.
func version() (own, goVersion string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	return info.Main.Version, info.GoVersion
}
