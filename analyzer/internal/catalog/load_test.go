package catalog

import (
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

// standard is the packages outside the libraries that the tables of std.go, deadline.go and holds.go name and the test module can
// reach.
var standard = []string{"bytes", "context", "encoding/json", "errors", "fmt", "log", "log/slog", "maps", "net/http", "os/signal", "path/filepath", "reflect",
	"runtime", "slices", "sort", "strings", "sync", "testing", "time",
	"golang.org/x/sync/errgroup", "golang.org/x/time/rate", "google.golang.org/grpc/metadata", "github.com/gin-gonic/gin", "gorm.io/gorm/callbacks"}

// loaded is the libraries and the standard packages, loaded once from their export data in the test module.
var loaded = sync.OnceValues(func() (map[string]*types.Package, error) {
	patterns := slices.Clone(standard)
	for _, l := range builtin() {
		patterns = append(patterns, l.Path)
	}
	dir, err := filepath.Abs("../../../testdata")
	if err != nil {
		return nil, err
	}
	roots, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports, Dir: dir}, patterns...)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*types.Package)
	for _, p := range roots {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("%s: %w", p.PkgPath, e)
		}
		found[p.PkgPath] = p.Types
	}
	return found, nil
})

// library returns the real package at path.
func library(t *testing.T, path string) *types.Package {
	t.Helper()
	pkgs, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	if pkgs[path] == nil {
		t.Fatalf("no package %s", path)
	}
	return pkgs[path]
}

// lookup returns the real package at path, or nil.
func lookup(t *testing.T) func(path string) *types.Package {
	t.Helper()
	pkgs, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return func(path string) *types.Package { return pkgs[path] }
}

// method returns the object of the method, or function when typ is empty, in a real package.
func method(t *testing.T, path, typ, name string) *types.Func {
	t.Helper()
	scope := library(t, path).Scope()
	if typ == "" {
		fn, ok := scope.Lookup(name).(*types.Func)
		if !ok {
			t.Fatalf("no function %s.%s", path, name)
		}
		return fn
	}
	obj := scope.Lookup(typ)
	if obj == nil {
		t.Fatalf("no type %s.%s", path, typ)
	}
	fn := findMethod(obj.Type(), name, obj.Pkg())
	if fn == nil {
		t.Fatalf("no method %s.%s.%s", path, typ, name)
	}
	return fn
}

// holder returns the type that rows write as name: "*database/sql.Rows".
func holder(t *testing.T, name string) types.Type {
	t.Helper()
	path, recv, _, err := splitFunc("(" + name + ").X")
	if err != nil {
		t.Fatal(err)
	}
	bare := recv
	if bare[0] == '*' {
		bare = bare[1:]
	}
	obj := library(t, path).Scope().Lookup(bare)
	if obj == nil {
		t.Fatalf("no type %s", name)
	}
	if recv[0] == '*' {
		return types.NewPointer(obj.Type())
	}
	return obj.Type()
}
