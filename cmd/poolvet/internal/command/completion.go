package command

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/output"
)

// forBash is the script for bash. That of the cli package needs the package bash-completion.
//
//go:embed completion.bash
var forBash string

// completionCommand makes the command of the cli package one of poolvet's.
func completionCommand(c *cli.Command) {
	c.Hidden, c.Usage = false, "print a script that completes commands and flags in a shell"
	var shells []string
	for _, shell := range c.Commands {
		shell.Usage = "print the script for " + shell.Name
		shells = append(shells, shell.Name)
	}
	c.UsageText = "poolvet completion " + strings.Join(shells, "|")
	c.Action = func(_ context.Context, cmd *cli.Command) error {
		if !cmd.Args().Present() {
			return usage(errors.New("completion: which shell? " + strings.Join(shells, ", ")))
		}
		return usage(analyzer.Unknown("shell", cmd.Args().First(), shells))
	}
	c.Command("bash").Action = func(_ context.Context, cmd *cli.Command) error {
		_, err := io.WriteString(cmd.Root().Writer, forBash)
		return err
	}
}

// completer prints what may stand behind the arguments, one a line, with its meaning behind a colon. If the last one begins with a
// dash it may still be incomplete.
func completer(args []string) cli.ShellCompleteFunc {
	return func(_ context.Context, cmd *cli.Command) {
		before := args[:len(args)-1] // the last one is the question
		if n := len(before); n > 1 && before[n-1] == "=" {
			before = before[:n-1] // bash makes a word of it
		}
		last := ""
		if n := len(before); n > 0 {
			last = before[n-1]
		}
		fmt.Fprint(cmd.Root().Writer, strings.Join(candidates(cmd, last), "\n"), "\n")
	}
}

// candidates is what may stand behind a word, or in its place if it is the beginning of a flag. There are none where a package or
// a file is meant.
func candidates(cmd *cli.Command, last string) []string {
	name := strings.TrimLeft(last, "-")
	if dashes := last[:len(last)-len(name)]; dashes != "" {
		if flag := flagOf(cmd, name); flag != nil && takesValue(flag) {
			return valuesOf(name)
		}
		return flagsLike(cmd, dashes, name)
	}
	switch cmd.Name {
	case "poolvet":
		if cmd.Args().Present() {
			return nil // behind a package there are others
		}
		return commandsOf(cmd)
	case "explain":
		return ruleNames()
	case "help":
		return append(commandsOf(cmd.Root()), ruleNames()...)
	case "completion":
		return commandsOf(cmd)
	}
	return nil
}

// valuesOf is what may be written behind a flag, if that is a word out of some.
func valuesOf(flag string) []string {
	switch flag {
	case "format":
		return output.Names()
	case "color":
		return colors
	case "rules":
		return ruleNames()
	}
	return nil
}

func flagsLike(cmd *cli.Command, dashes, prefix string) []string {
	var lines []string
	for _, f := range flagsOf(cmd) {
		if doc, ok := f.(cli.DocGenerationFlag); ok && strings.HasPrefix(f.Names()[0], prefix) {
			lines = append(lines, dashes+f.Names()[0]+":"+strings.ReplaceAll(doc.GetUsage(), "`", ""))
		}
	}
	return lines
}

func commandsOf(cmd *cli.Command) []string {
	var lines []string
	for _, c := range cmd.Commands {
		lines = append(lines, c.Name+":"+c.Usage)
	}
	return lines
}

// flagsOf returns the flags of a command, those of poolvet that it inherits included.
func flagsOf(cmd *cli.Command) []cli.Flag {
	all := append([]cli.Flag(nil), cmd.Flags...)
	if cmd != cmd.Root() {
		all = append(all, commonFlags()...)
	}
	return all
}

// flagOf returns the flag of that name, or nil.
func flagOf(cmd *cli.Command, name string) cli.Flag {
	for _, f := range flagsOf(cmd) {
		if f.Names()[0] == name {
			return f
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	doc, ok := f.(cli.DocGenerationFlag)
	return ok && doc.TakesValue()
}
