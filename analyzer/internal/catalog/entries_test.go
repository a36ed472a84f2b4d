package catalog

import (
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

// required matches a module in the go.mod of the test module.
var required = regexp.MustCompile(`(?m)^\s*(?:require )?([\w./~-]+\.[\w./~-]+) v\d`)

// reachable is the packages of the tables that the modules of the test programs have, by the path that the tables give them,
// without the major version. The other names of the tables are of frameworks that the test module does not need.
var reachable = sync.OnceValues(func() (map[string]*types.Package, error) {
	dir, err := filepath.Abs("../../../testdata")
	if err != nil {
		return nil, err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	paths := map[string]string{} // the path in the tables -> the import path
	var patterns []string
	for _, path := range slices.Concat(entryPaths(), []string{"context", "net/http", "sync", "time", "golang.org/x/sync/errgroup"}) {
		if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
			paths[path] = path // of the standard library
		}
		for _, m := range required.FindAllStringSubmatch(string(mod), -1) {
			module := m[1]
			if unversioned(path) == path {
				module = unversioned(module) // the table means every version
			}
			if rest, ok := strings.CutPrefix(path+"/", module+"/"); ok {
				paths[path] = strings.TrimSuffix(m[1]+"/"+rest, "/")
			}
		}
	}
	for _, p := range paths {
		patterns = append(patterns, p)
	}
	roots, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports, Dir: dir}, patterns...)
	if err != nil {
		return nil, err
	}
	found := map[string]*types.Package{}
	for _, p := range roots {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("%s: %w", p.PkgPath, e)
		}
		for short, path := range paths {
			if path == p.PkgPath {
				found[short] = p.Types
			}
		}
	}
	return found, nil
})

// entryPaths is the packages that the tables name.
func entryPaths() []string {
	var out []string
	for name := range entryParams {
		path, _ := splitType(name)
		out = append(out, path)
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(registrations)), slices.Collect(maps.Keys(starters)), slices.Collect(maps.Keys(slowFuncs))) {
		if path, _, _, err := splitFunc(name); err == nil {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// splitType splits "*example.com/web.Context" into path and name.
func splitType(name string) (path, typ string) {
	name = strings.TrimLeft(strings.TrimPrefix(name, "chan<- "), "*")
	i := strings.LastIndexByte(name, '.')
	return name[:i], name[i+1:]
}

func entryPackages(t *testing.T) map[string]*types.Package {
	t.Helper()
	pkgs, err := reachable()
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}

// TestEntryParams compares the types in the table with the real libraries.
func TestEntryParams(t *testing.T) {
	pkgs := entryPackages(t)
	found := 0
	for name := range entryParams {
		path, typ := splitType(name)
		if pkgs[path] == nil {
			continue // a framework that the test module does not need
		}
		found++
		obj, ok := pkgs[path].Scope().Lookup(typ).(*types.TypeName)
		if !ok {
			t.Errorf("%s: package %s has no such type", name, pkgs[path].Path())
			continue
		}
		// A handler that takes a pointer to an interface does not exist, unless another major version has a struct there.
		if types.IsInterface(obj.Type()) && strings.HasPrefix(name, "*") && entryParams[name[1:]] == "" {
			t.Errorf("%s is an interface", name)
		}
		if !obj.Exported() {
			t.Errorf("%s is not exported", name)
		}
	}
	if found < 20 {
		t.Errorf("%d types in reach: go.mod is not understood", found)
	}
}

// TestRegistrations compares the functions in the table with the real libraries: the argument is something that can be run.
func TestRegistrations(t *testing.T) {
	pkgs := entryPackages(t)
	found := 0
	for name, r := range registrations {
		path, recv, fn, err := splitFunc(name)
		if err != nil || pkgs[path] == nil {
			continue // a framework that the test module does not need
		}
		found++
		obj := findIn(pkgs[path], recv, fn)
		if obj == nil {
			t.Errorf("%s: package %s has no such function", name, pkgs[path].Path())
			continue
		}
		params := obj.Signature().Params()
		if r.arg >= params.Len() {
			t.Errorf("%s: argument %d of %d", name, r.arg, params.Len())
			continue
		}
		switch params.At(r.arg).Type().Underlying().(type) {
		case *types.Signature, *types.Interface:
		default:
			t.Errorf("%s: argument %d is a %s, which nothing can run", name, r.arg, params.At(r.arg).Type())
		}
		if arg, when := EntryByRegistration(obj); arg != r.arg || when != r.when {
			t.Errorf("%s: got %d %q, want %d %q", name, arg, when, r.arg, r.when)
		}
	}
	if found < 9 {
		t.Errorf("%d functions in reach: go.mod is not understood", found)
	}
}

// findIn returns a function of a package, or a method if recv is not empty; nil if there is none.
func findIn(pkg *types.Package, recv, name string) *types.Func {
	if recv == "" {
		fn, _ := pkg.Scope().Lookup(name).(*types.Func)
		return fn
	}
	obj := pkg.Scope().Lookup(strings.TrimPrefix(recv, "*"))
	if obj == nil {
		return nil
	}
	return findMethod(obj.Type(), name, pkg)
}

// TestEntryOfHandlers looks at the types that the frameworks themselves have for handlers.
func TestEntryOfHandlers(t *testing.T) {
	pkgs := entryPackages(t)
	for _, test := range []struct {
		path, typ string
		want      Entry
	}{
		{"net/http", "HandlerFunc", OnRequest},
		{"github.com/gin-gonic/gin", "HandlerFunc", OnRequest},
		{"github.com/labstack/echo", "HandlerFunc", OnRequest},
		{"github.com/gofiber/fiber", "Handler", OnRequest},
		{"github.com/valyala/fasthttp", "RequestHandler", OnRequest},
		{"google.golang.org/grpc", "UnaryServerInterceptor", OnRequest},
		{"google.golang.org/grpc", "StreamServerInterceptor", OnRequest},
		{"google.golang.org/grpc", "StreamHandler", OnRequest},
		{"google.golang.org/grpc", "MethodHandler", OnRequest},
		{"google.golang.org/grpc", "UnaryClientInterceptor", ""},
		{"google.golang.org/grpc", "UnaryHandler", ""},
		{"github.com/labstack/echo", "MiddlewareFunc", ""},
	} {
		if pkgs[test.path] == nil {
			t.Errorf("no package %s", test.path)
			continue
		}
		obj := pkgs[test.path].Scope().Lookup(test.typ)
		if obj == nil {
			t.Errorf("%s has no type %s", test.path, test.typ)
			continue
		}
		if got := EntryBySignature(obj.Type().Underlying().(*types.Signature)); got != test.want {
			t.Errorf("%s.%s: got %q, want %q", test.path, test.typ, got, test.want)
		}
	}
	for name, want := range map[string]Entry{"Work": OnJob, "NextRetry": OnJob} {
		fn := findIn(pkgs["github.com/riverqueue/river"], "Worker", name)
		if got := EntryBySignature(fn.Signature()); got != want {
			t.Errorf("%s: got %q, want %q", fn, got, want)
		}
	}
}

const signatures = `package app
import ("context"; "net/http")
type request = http.Request
type mine http.Request
func Handler(w http.ResponseWriter, r *http.Request) {}
func Turned(r *http.Request, name string, w http.ResponseWriter) {}
func Aliased(w http.ResponseWriter, r *request) {}
func OnlyWriter(w http.ResponseWriter) {}
func OnlyRequest(r *http.Request) {}
func ByValue(w http.ResponseWriter, r http.Request) {}
func Own(w http.ResponseWriter, r *mine) {}
func Results() (w http.ResponseWriter, r *http.Request) { return nil, nil }
func Plain(ctx context.Context, dsn string) error { return nil }
func Nothing() {}
`

// TestEntryBySignature knows handlers by what they are given, and nothing else.
func TestEntryBySignature(t *testing.T) {
	app := checkProgram(t, signatures)
	entries := map[string]Entry{"Handler": OnRequest, "Turned": OnRequest, "Aliased": OnRequest}
	for _, name := range app.Scope().Names() {
		fn, ok := app.Scope().Lookup(name).(*types.Func)
		if !ok {
			continue // a type
		}
		if got := EntryBySignature(fn.Signature()); got != entries[name] {
			t.Errorf("%s: got %q, want %q", name, got, entries[name])
		}
	}
}

// TestUnversioned takes major versions out of paths, and nothing that looks like one.
func TestUnversioned(t *testing.T) {
	for name, want := range map[string]string{
		"*github.com/gofiber/fiber/v2.Ctx":                 "*github.com/gofiber/fiber.Ctx",
		"github.com/labstack/echo/v4.Context":              "github.com/labstack/echo.Context",
		"(*github.com/robfig/cron/v3.Cron).AddFunc":        "(*github.com/robfig/cron.Cron).AddFunc",
		"*cloud.google.com/go/pubsub/v2.Message":           "*cloud.google.com/go/pubsub.Message",
		"github.com/aws/aws-sdk-go-v2/service/sqs/types.M": "github.com/aws/aws-sdk-go-v2/service/sqs/types.M",
		"*github.com/go-chi/chi/v15/middleware.T":          "*github.com/go-chi/chi/middleware.T",
		"example.com/v2ray.T":                              "example.com/v2ray.T",
		"net/http.Request":                                 "net/http.Request",
	} {
		if got := unversioned(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
