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
	for _, c := range append(root.Commands, root) {
		c.ShellComplete = completer(args)
	}
	err := root.Run(context.Background(), append([]string{"poolvet"}, args...))
	if err == nil {
		return exitOK
	}
	f, known := errors.AsType[*failure](err)
	if !known {
		f = &failure{exitUsage, err}
	}
	if f.err != nil {
		fmt.Fprintf(stderr, "poolvet: %v\n", f.err)
	}
	if !known {
		fmt.Fprintln(stderr, "Run 'poolvet help' for the commands and flags.")
	}
	return f.status
}

// misused is the error for flags that cannot be read. It names the nearest if there is no such flag.
func misused(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	if cmd != cmd.Root() && flagOf(cmd.Root(), name) != nil {
		return fmt.Errorf("-%s is no flag of '%s'", name, cmd.FullName())
	}
	var known []string
	for _, f := range flagsOf(cmd) {
		known = append(known, "-"+f.Names()[0])
	}
	slices.Sort(known)
	return analyzer.Unknown("flag", "-"+name, known)
}

// misplaced refuses flags of the command itself before the name of another, which would pass over them.
func misplaced(ctx context.Context, root *cli.Command) (context.Context, error) {
	c := root.Command(root.Args().First())
	if c == nil {
		return ctx, nil // packages
	}
	for _, f := range lintFlags() {
		if name := f.Names()[0]; root.IsSet(name) {
			return ctx, fmt.Errorf("-%s is no flag of 'poolvet %s'", name, c.Name)
		}
	}
	return ctx, nil
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
		Action:                          lint,
		Writer:                          stdout,
		ErrWriter:                       stderr,
		HideHelpCommand:                 true, // it is one of the commands
		EnableShellCompletion:           true,
		ConfigureShellCompletionCommand: completionCommand,
		Before:                          misplaced,
		ExitErrHandler:                  func(context.Context, *cli.Command, error) {}, // Run does that
	}
	for _, c := range append(root.Commands, root) {
		c.OnUsageError = misused
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
			case !slices.Contains(ruleNames(), name):
				return usage(analyzer.Unknown("command or rule", name, append(subcommands(cmd.Root()), ruleNames()...)))
			}
			return explain(ctx, cmd)
		},
	}
}

// subcommands returns the names of the commands.
func subcommands(root *cli.Command) []string {
	var names []string
	for _, c := range root.Commands {
		names = append(names, c.Name)
	}
	return names
}

// version is the version of this poolvet, and of the Go that built it; empty if it was not built by the go command.
func version() (own, goVersion string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	return info.Main.Version, info.GoVersion
}
