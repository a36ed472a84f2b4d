package catalog

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// NoMatch is the text of a [RowError] of a row that names no function of its package.
const NoMatch = "matches nothing: "

// noMatch is the error for a row that names no function of its package. It says why, and proposes the one that is meant.
func noMatch(pkg *types.Package, r *Row, format string, args ...any) error {
	text := fmt.Sprintf("%q %s%s", r.Name(), NoMatch, fmt.Sprintf(format, args...))
	if name := meant(pkg, r); name != "" {
		text += fmt.Sprintf(" (did you mean %q?)", name)
	}
	return misfit("func", "%s", text)
}

// meant returns the name of the function that is nearest to that of a row: one of the same name if there is such, else one that
// is spelled almost so. It is empty if none is.
func meant(pkg *types.Package, r *Row) string {
	var all, same []string // without the path, which is alike in all of them
	full := make(map[string]string)
	for _, fn := range declared(pkg) {
		name := strings.ReplaceAll(key(fn), r.Path+".", "")
		full[name] = key(fn)
		all = append(all, name)
		if fn.Name() == r.Func {
			same = append(same, name)
		}
	}
	wanted := strings.ReplaceAll(r.Name(), r.Path+".", "")
	if len(same) == 1 {
		return full[same[0]]
	}
	if name := near.Name(wanted, same); name != "" {
		return full[name]
	}
	return full[near.Name(wanted, all)]
}

// declared returns the functions and methods that a row for a function of the package may mean, those that its types have by
// embedding included.
func declared(pkg *types.Package) []*types.Func {
	var all []*types.Func
	for _, name := range pkg.Scope().Names() {
		switch obj := pkg.Scope().Lookup(name).(type) {
		case *types.Func:
			all = append(all, obj)
		case *types.TypeName:
			for _, m := range methods(obj.Type()) {
				if key(m) != "" && !slices.Contains(all, m) {
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// methods returns the methods of t and *t.
func methods(t types.Type) []*types.Func {
	if _, isPointer := types.Unalias(t).(*types.Pointer); !isPointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	var all []*types.Func
	for sel := range types.NewMethodSet(t).Methods() {
		if fn, ok := sel.Obj().(*types.Func); ok {
			all = append(all, fn)
		}
	}
	return all
}

// names returns the names of functions alone.
func names(funcs []*types.Func) []string {
	all := make([]string, len(funcs))
	for i, fn := range funcs {
		all[i] = fn.Name()
	}
	return all
}
