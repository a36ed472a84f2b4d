package analyzer

import (
	"errors"
	"fmt"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/near"
	"github.com/poolvet/poolvet/analyzer/straypool"
)

// Program is what [Options.CheckProgram] compares settings with. Where it is in doubt it says so, and the setting stands: an
// error that is wrong would keep its user from running poolvet at all.
type Program interface {
	// Paths returns the import paths of all packages, those of dependencies included.
	Paths() []string
	// Types returns a package with all that it exports, or nil if that is not known.
	Types(path string) *types.Package
	// Lacks says why there is no package with this import path. It is empty if there is one, or may be one.
	Lacks(path string) string
	// LacksAll reports whether there is no package, for sure, whose import path and name match.
	LacksAll(match func(path, name string) bool) bool
	// Declares reports whether a source file of a package declares a function, or a method of a receiver as it is written
	// there, that Types need not show: it is not exported, or the file belongs to tests or to another build.
	Declares(path, recv, name string) bool
}

// CheckProgram compares allow and the user's rows with the program. The options must be valid. The error is a [SettingError] for
// the first entry or row that matches nothing, and for the first row that does not fit its function.
func (o Options) CheckProgram(p Program) error {
	for i, pattern := range o.Allow {
		if text := unmatched(p, pattern); text != "" {
			return &SettingError{Key: []string{"allow", fmt.Sprint(i)}, Text: text}
		}
	}
	for i, u := range o.Catalog {
		row, err := u.Row()
		if err != nil {
			return rowError(i, err)
		}
		if why := p.Lacks(row.Path); why != "" {
			text := fmt.Sprintf("%q %s%s%s", row.Name(), catalog.NoMatch, why, near.Meant(row.Path, p.Paths()))
			return &SettingError{Key: []string{"catalog", fmt.Sprint(i), "func"}, Text: text}
		}
		if err := checkRow(p, row); err != nil {
			return rowError(i, err)
		}
	}
	return nil
}

// checkRow compares a row with its function, if the program shows it.
func checkRow(p Program, row catalog.Row) error {
	if p.Types(row.Path) == nil {
		return nil // the program does not show the package
	}
	errs := catalog.Check([]catalog.Row{row}, p.Types)
	if len(errs) == 0 {
		return nil
	}
	if e, ok := errors.AsType[*catalog.RowError](errs[0]); ok && e.Key == "func" && p.Declares(row.Path, row.Recv, row.Func) {
		return nil // there is such a function, in what this run does not see
	}
	return errs[0]
}

// unmatched says that no package fits a pattern of allow, or "".
func unmatched(p Program, pattern string) string {
	if pattern == "main" {
		if p.LacksAll(func(path, name string) bool { return name == "main" || path == "main" }) {
			return `"main" stands for main packages, and the program has none`
		}
		return ""
	}
	if !p.LacksAll(func(path, _ string) bool { return straypool.Matches(pattern, path) }) {
		return ""
	}
	known, tree := p.Paths(), ""
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		pattern, tree, known = base, "/...", folders(known)
	}
	text := fmt.Sprintf("%q matches no package of the program", pattern+tree)
	if nearest := near.Name(pattern, known); nearest != "" {
		text += fmt.Sprintf(" (did you mean %q?)", nearest+tree)
	}
	return text
}

// folders returns the import paths and all those above them.
func folders(paths []string) []string {
	var all []string
	for _, p := range paths {
		for ; p != "."; p = path.Dir(p) {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
