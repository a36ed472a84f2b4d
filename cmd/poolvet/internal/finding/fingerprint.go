package finding

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// enclosing returns the nodes around a range of the source, innermost first; none if no file has it.
func enclosing(files []*ast.File, pos, end token.Pos) []ast.Node {
	for _, f := range files {
		if f.FileStart <= pos && pos < f.FileEnd {
			path, _ := astutil.PathEnclosingInterval(f, pos, end)
			return path
		}
	}
	return nil
}

// declaration names the declaration that the nodes are in.
func declaration(pkg string, path []ast.Node) string {
	for _, n := range path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return pkg + "." + receiver(n) + n.Name.Name
		case *ast.ValueSpec:
			if len(path) > 3 && path[len(path)-3] == ast.Node(n) { // in a declaration of the file
				return pkg + "." + n.Names[0].Name
			}
		}
	}
	return pkg
}

// receiver is "(*Store)." for a method of *Store, "Store." for one of Store, and empty for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	text := types.ExprString(fn.Recv.List[0].Type)
	text, _, _ = strings.Cut(text, "[") // of a generic type
	if strings.HasPrefix(text, "*") {
		return "(" + text + ")."
	}
	return text + "."
}

// fingerprint identifies a mistake by the rule, the function, and the code without its texts. It does not depend on the message,
// so that a new version of poolvet has the same.
func fingerprint(rule, function string, path []ast.Node) string {
	code := ""
	if len(path) > 0 {
		code = texts.ReplaceAllString(outline(path[0]), `""`)
	}
	sum := sha256.Sum256([]byte(rule + "\x00" + function + "\x00" + code))
	return fmt.Sprintf("%x", sum[:8])
}

var texts = regexp.MustCompile("\"(\\\\.|[^\"\\\\])*\"|`[^`]*`")

// outline is the code of a node without the bodies of literals. Of what has no short form it is the kind of the node.
func outline(n ast.Node) string {
	switch n := n.(type) {
	case ast.Expr:
		return types.ExprString(n)
	case *ast.GoStmt:
		return types.ExprString(n.Call)
	case *ast.DeferStmt:
		return types.ExprString(n.Call)
	case *ast.ExprStmt:
		return types.ExprString(n.X)
	case *ast.AssignStmt:
		return outlines(n.Lhs) + n.Tok.String() + outlines(n.Rhs)
	}
	return fmt.Sprintf("%T", n)
}

func outlines(list []ast.Expr) string {
	all := make([]string, len(list))
	for i, e := range list {
		all[i] = types.ExprString(e)
	}
	return strings.Join(all, ",")
}

// number makes the fingerprints of findings in their order unique: the second of one fingerprint ends in ":2".
func number(findings []Finding) {
	seen := make(map[string]int)
	for i := range findings {
		f := &findings[i]
		seen[f.Fingerprint]++
		if n := seen[f.Fingerprint]; n > 1 {
			f.Fingerprint = fmt.Sprintf("%s:%d", f.Fingerprint, n)
		}
	}
}
