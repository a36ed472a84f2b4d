package command

import (
	"context"
	"errors"
	"fmt"
	"go/doc/comment"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
)

func rulesCommand() *cli.Command {
	return &cli.Command{
		Name:  "rules",
		Usage: "list the rules, and which are on here",
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return usage(errors.New("rules: takes no arguments; 'poolvet explain' prints the page of a rule"))
			}
			r, err := newRun(cmd)
			if err != nil {
				return err
			}
			for _, rule := range analyzer.RuleSettings() {
				state := "off"
				if r.on(rule.Name) {
					state = "on"
				}
				fmt.Fprintf(r.stdout, "%-12s %-4s %s\n", rule.Name, state, rule.Text)
			}
			return nil
		},
	}
}

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "print what a rule reports, why, and when it is silent",
		ArgsUsage: "rule ...",
		Action:    explain,
	}
}

func explain(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() == 0 {
		return usage(errors.New("which rule? 'poolvet rules' lists them"))
	}
	all := analyzer.All()
	var pages []string
	for _, name := range cmd.Args().Slice() {
		i := slices.IndexFunc(all, func(rule *analysis.Analyzer) bool { return rule.Name == name })
		if i < 0 {
			return usage(analyzer.Unknown("rule", name, ruleNames()))
		}
		pages = append(pages, page(all[i], width(cmd.Root().Writer)))
	}
	fmt.Fprint(cmd.Root().Writer, strings.Join(pages, "\n\n"))
	return nil
}

// pageWidth is the number of columns of a page, unless the terminal has less.
const pageWidth = 100

// page is a rule's documentation for a reader at a terminal of so many columns; 0 if it is none.
func page(rule *analysis.Analyzer, columns int) string {
	doc := new(comment.Parser).Parse(rule.Doc)
	printer := &comment.Printer{TextCodePrefix: "    ", TextWidth: pageWidth}
	if columns > 0 {
		printer.TextWidth = min(columns, pageWidth)
	}
	return string(printer.Text(doc)) + "\n" + rule.URL + "\n"
}

func ruleNames() []string {
	var names []string
	for _, rule := range analyzer.All() {
		names = append(names, rule.Name)
	}
	return names
}
