// Package diag is what the rules share when they speak: tiers, positions in a text, the names of the user's variables, and
// the comments that silence them.
package diag

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// Tier says how sure a diagnostic is. It travels as the Category of the diagnostic.
type Tier string

const (
	Error   Tier = "error"   // proven
	Warning Tier = "warning" // one assumption, named in the message
	Advice  Tier = "advice"  // needs a decision of the user; shown in strict mode only
)

// Doc returns the documentation of a rule from the source of its doc.go: the comment of the package, without its first word.
func Doc(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		text, ok := strings.CutPrefix(line, "//")
		if !ok {
			break // the package clause
		}
		b.WriteString(strings.TrimPrefix(text, " "))
	}
	return strings.TrimSpace(strings.TrimPrefix(b.String(), "Package "))
}

// PosOf is the position by which an instruction is found in the syntax.
func PosOf(in ssa.Instruction) token.Pos {
	if call, ok := in.(ssa.CallInstruction); ok {
		return call.Common().Pos()
	}
	return in.Pos()
}

// Where names a position as seen from another: "L42", or "file.go:42" if it is in another file.
func Where(fset *token.FileSet, from, pos token.Pos) string {
	a, b := fset.Position(from), fset.Position(pos)
	if a.Filename == b.Filename {
		return fmt.Sprintf("L%d", b.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(b.Filename), b.Line)
}

// File returns the syntax of the file that contains pos, nil if it is not one of the package's.
func File(files []*ast.File, pos token.Pos) *ast.File {
	for _, f := range files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// CallAt returns the call whose opening parenthesis is at pos, as ssa gives the position of calls, with the nodes around it,
// innermost first. It is nil if there is none.
func CallAt(f *ast.File, pos token.Pos) (*ast.CallExpr, []ast.Node) {
	path, _ := astutil.PathEnclosingInterval(f, pos, pos)
	for i, n := range path {
		if c, ok := n.(*ast.CallExpr); ok && c.Lparen == pos {
			return c, path[i+1:]
		}
	}
	return nil, nil
}

// CallIn is CallAt for a position in any of the files.
func CallIn(files []*ast.File, pos token.Pos) (*ast.CallExpr, []ast.Node) {
	f := File(files, pos)
	if f == nil {
		return nil, nil
	}
	return CallAt(f, pos)
}

// SyntaxAt returns what is at the position of an instruction: a call, or the smallest statement or expression around it.
func SyntaxAt(f *ast.File, pos token.Pos) (ast.Node, *ast.CallExpr) {
	if call, _ := CallAt(f, pos); call != nil {
		return call, call
	}
	path, _ := astutil.PathEnclosingInterval(f, pos, pos+1)
	return path[0], nil
}

// Callee is the text of the function of a call, shortened to its last two names: "pool.Query", "s.pool.Query" becomes the
// same.
func Callee(c *ast.CallExpr) string {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		switch x := ast.Unparen(f.X).(type) {
		case *ast.Ident:
			return x.Name + "." + f.Sel.Name
		case *ast.SelectorExpr:
			return x.Sel.Name + "." + f.Sel.Name
		}
		return f.Sel.Name
	case *ast.IndexExpr:
		return Callee(&ast.CallExpr{Fun: f.X})
	case *ast.IndexListExpr:
		return Callee(&ast.CallExpr{Fun: f.X})
	}
	return "call"
}

// Assigned returns the expression that result i of a call is assigned to, nil if it is not assigned.
func Assigned(c *ast.CallExpr, around []ast.Node, i int) ast.Expr {
	for _, n := range around {
		switch n := n.(type) {
		case *ast.ParenExpr:
			continue
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == c && i < len(n.Lhs) {
				return n.Lhs[i]
			}
			for k, r := range n.Rhs {
				if ast.Unparen(r) == c && k < len(n.Lhs) {
					return n.Lhs[k]
				}
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 && i < len(n.Names) {
				return n.Names[i]
			}
		}
		return nil
	}
	return nil
}

// Name is a short text for a variable or field: "rows", "s.rows". It is empty for the blank identifier and for what has no
// short text.
func Name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if e.Name != "_" {
			return e.Name
		}
	case *ast.SelectorExpr:
		if x := Name(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}

// IsTest reports whether a position is in a test file.
func IsTest(fset *token.FileSet, pos token.Pos) bool {
	return strings.HasSuffix(fset.Position(pos).Filename, "_test.go")
}

// ForTests reports whether the file that contains a position is made for tests though its name does not say so: it imports
// package testing.
func ForTests(files []*ast.File, pos token.Pos) bool {
	f := File(files, pos)
	if f == nil {
		return false
	}
	for _, spec := range f.Imports {
		if spec.Path.Value == `"testing"` {
			return true
		}
	}
	return false
}
