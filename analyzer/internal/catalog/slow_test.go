package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// outOfReach is the packages of slowFuncs that the test module does not need. Their names are compared with nothing.
var outOfReach = []string{
	"github.com/avast/retry-go", "github.com/cenkalti/backoff", "github.com/gorilla/websocket", "github.com/mailgun/mailgun-go",
	"github.com/sendgrid/sendgrid-go", "github.com/wneessen/go-mail", "go.uber.org/ratelimit", "gopkg.in/gomail.v2",
}

// TestSlowFuncs compares the functions that wait with the real libraries, under the names by which a call knows them.
func TestSlowFuncs(t *testing.T) {
	pkgs, missing := entryPackages(t), map[string]bool{}
	for name, what := range slowFuncs {
		path, recv, fn, err := splitFunc(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if pkgs[path] == nil {
			missing[path] = true
			continue
		}
		obj := findIn(pkgs[path], recv, fn)
		if obj == nil {
			t.Errorf("%s: package %s has no such function", name, pkgs[path].Path())
			continue
		}
		if declared := key(obj); declared != name && unversioned(declared) != name {
			t.Errorf("%s is declared as %s", name, declared)
		}
		if got := Default().Waits(obj); got != what {
			t.Errorf("%s waits for %q, want %q", name, got, what)
		}
	}
	if got := slices.Sorted(maps.Keys(missing)); !slices.Equal(got, outOfReach) {
		t.Errorf("out of reach: %v, want %v", got, outOfReach)
	}
}

// TestSlowPackagesAreOutOfReach finds a client library that the test module has got: its methods can then be compared.
func TestSlowPackagesAreOutOfReach(t *testing.T) {
	mod, err := os.ReadFile("../../../testdata/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range required.FindAllStringSubmatch(string(mod), -1) {
		for _, p := range slowPackages {
			if strings.HasPrefix(m[1]+"/", p.prefix) || strings.HasPrefix(p.prefix, m[1]+"/") {
				t.Errorf("the test module needs %s: compare what %s says of %s", m[1], p.what, p.prefix)
			}
		}
	}
}

// TestWaitForNotification finds methods of the drivers that wait for a notification and are not known to.
func TestWaitForNotification(t *testing.T) {
	found := 0
	for _, l := range Default().Libraries() {
		for _, fn := range exported(library(t, l.Path)) {
			if fn.Name() != "WaitForNotification" {
				continue
			}
			found++
			if got := Default().Waits(fn); got != "a notification" {
				t.Errorf("%s waits for %q", key(fn), got)
			}
		}
	}
	if found < 4 {
		t.Errorf("%d methods", found)
	}
}

// client is a package of a client library for a service elsewhere.
const client = `package client
import ("context"; "io")
type Client struct{}
func (*Client) PutObject(ctx context.Context, name string, body io.Reader) error { return nil }
func (Client) List(ctx context.Context) ([]string, error) { return nil, nil }
func (*Client) Get(name string) (string, error) { return "", nil }
func (*Client) Execute() error { return nil }
func (*Client) Send(name string) {}
func (*Client) Close() error { return nil }
func (*Client) WithContext(ctx context.Context) *Client { return nil }
func (*Client) Later(name string, ctx context.Context) error { return nil }
func New(ctx context.Context) (*Client, error) { return nil, nil }
func Get(name string) error { return nil }
type API interface { PutObject(ctx context.Context, name string, body io.Reader) error }
`

// checkAt type-checks a source file as the package at an import path.
func checkAt(t *testing.T, path, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "client.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	known := func(path string) *types.Package {
		if path == "io" {
			io := types.NewPackage("io", "io")
			io.Scope().Insert(types.NewTypeName(token.NoPos, io, "Reader", types.NewInterfaceType(nil, nil)))
			io.MarkComplete()
			return io
		}
		return entryPackages(t)[path]
	}
	config := types.Config{Importer: importerFunc(known)}
	pkg, err := config.Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// TestWaitsOfClients knows the requests of every client library by their form.
func TestWaitsOfClients(t *testing.T) {
	requests := map[string]bool{"Client.PutObject": true, "Client.List": true, "Client.Get": true, "Client.Execute": true, "API.PutObject": true}
	others := []string{"Client.Send", "Client.Close", "Client.WithContext", "Client.Later", ".New", ".Get"}
	for _, p := range slowPackages {
		path := strings.TrimSuffix(p.prefix, "/") + "/v3/part"
		pkg := checkAt(t, path, client)
		for _, name := range append(slices.Collect(maps.Keys(requests)), others...) {
			typ, method, _ := strings.Cut(name, ".")
			want := ""
			if requests[name] {
				want = p.what
			}
			if got := Default().Waits(findIn(pkg, typ, method)); got != want {
				t.Errorf("%s of %s waits for %q, want %q", name, path, got, want)
			}
		}
		if !Default().IsSlow(path) {
			t.Errorf("%s is not slow", path)
		}
	}
	app := checkAt(t, "example.com/app/client", client)
	for name := range requests {
		typ, method, _ := strings.Cut(name, ".")
		if got := Default().Waits(findIn(app, typ, method)); got != "" {
			t.Errorf("%s of the program waits for %q", name, got)
		}
	}
}

// stubs is what protoc and connect generate, and what looks like it.
const stubs = `package pb
import ("context"; "google.golang.org/grpc"; "connectrpc.com/connect")
type Req struct{}
type Resp struct{}
type GreeterClient interface {
	Greet(ctx context.Context, in *Req, opts ...grpc.CallOption) (*Resp, error)
	Watch(ctx context.Context, in *Req, opts ...grpc.CallOption) (grpc.ServerStreamingClient[Resp], error)
}
type greeterClient struct{ cc grpc.ClientConnInterface }
func (c *greeterClient) Greet(ctx context.Context, in *Req, opts ...grpc.CallOption) (*Resp, error) { return nil, nil }
func Greet(ctx context.Context, in *Req, opts ...grpc.CallOption) (*Resp, error) { return nil, nil }
type Other struct{}
func (Other) Names(ctx context.Context, names ...string) error { return nil }
func (Other) NoContext(in *Req, opts ...grpc.CallOption) error { return nil }
func (Other) Options(opts ...grpc.CallOption) {}
type ConnectClient interface {
	Ask(context.Context, *connect.Request[Req]) (*connect.Response[Resp], error)
	Tell(context.Context, *connect.Request[Req])
	Plain(context.Context, *Req) (*Resp, error)
}
type handler struct{}
func (handler) Ask(context.Context, *connect.Request[Req]) (*connect.Response[Resp], error) { return nil, nil }
type WatchServer interface { Send(*Resp) error; grpc.ServerStream }
type UploadClient interface { Send(*Req) error; CloseAndRecv() (*Resp, error); grpc.ClientStream }
type UploadServer interface { Recv() (*Req, error); SendAndClose(*Resp) error; grpc.ServerStream }
type Mailer interface { Send(*Resp) error; Recv() error }
`

// TestWaitsOfStubs knows generated clients and streams by their form.
func TestWaitsOfStubs(t *testing.T) {
	pkg := checkAt(t, "example.com/app/pb", stubs)
	for _, test := range []struct{ typ, method, want string }{
		{"GreeterClient", "Greet", "gRPC"},
		{"GreeterClient", "Watch", "gRPC"},
		{"greeterClient", "Greet", "gRPC"},
		{"", "Greet", ""},
		{"Other", "Names", ""},
		{"Other", "NoContext", ""},
		{"Other", "Options", ""},
		{"ConnectClient", "Ask", "gRPC"},
		{"ConnectClient", "Tell", ""},
		{"ConnectClient", "Plain", ""},
		{"handler", "Ask", ""}, // the server's side
		{"WatchServer", "Send", "the stream"},
		{"WatchServer", "SendMsg", "the client"},
		{"WatchServer", "Context", ""},
		{"UploadClient", "Send", "the stream"},
		{"UploadClient", "CloseAndRecv", "the stream"},
		{"UploadClient", "RecvMsg", "gRPC"},
		{"UploadServer", "Recv", "the stream"},
		{"UploadServer", "SendAndClose", "the stream"},
		{"Mailer", "Send", ""}, // no stream of grpc's
	} {
		if got := Default().Waits(findIn(pkg, test.typ, test.method)); got != test.want {
			t.Errorf("%s.%s waits for %q, want %q", test.typ, test.method, got, test.want)
		}
	}
	generic := findIn(entryPackages(t)["google.golang.org/grpc"], "ServerStreamingServer", "Send")
	if got := Default().Waits(generic); got != "the stream" {
		t.Errorf("%s waits for %q", generic, got)
	}
}

// TestWaitsForNothing tells functions that only work from those that wait.
func TestWaitsForNothing(t *testing.T) {
	for _, test := range []struct{ path, typ, method string }{
		{"net/http", "", "NewRequest"},
		{"net/http", "Request", "Context"},
		{"net/http", "Client", "CloseIdleConnections"},
		{"time", "", "Now"},
		{"time", "", "After"}, // who receives waits
		{"database/sql", "DB", "Query"},
		{"sync", "WaitGroup", "Wait"}, // that is Joins
	} {
		if got := Default().Waits(method(t, test.path, test.typ, test.method)); got != "" {
			t.Errorf("%s.%s.%s waits for %q", test.path, test.typ, test.method, got)
		}
	}
	if Default().Waits(nil) != "" || Default().Waits(findMethod(types.Universe.Lookup("error").Type(), "Error", nil)) != "" {
		t.Error("a function value or an error waits")
	}
}

// everywhere is the packages of slowFuncs that many packages import for other things, so that IsSlow leaves them out.
var everywhere = map[string]bool{
	"time": true, "sync": true, "os": true, "net": true, "crypto/tls": true, "github.com/gin-gonic/gin": true, "github.com/gofiber/fiber": true,
}

// TestIsSlow knows every package that has a slow function, in every version.
func TestIsSlow(t *testing.T) {
	c := Default()
	for name := range slowFuncs {
		path, _, _, err := splitFunc(name)
		if err != nil {
			t.Fatal(err)
		}
		if c.IsSlow(path) == everywhere[path] {
			t.Errorf("%s is slow: %t", path, c.IsSlow(path))
		}
	}
	for path, want := range map[string]bool{
		"github.com/gofiber/fiber/v2":         false,
		"connectrpc.com/connect":              true,
		"vendor/github.com/wneessen/go-mail":  true,
		"net/http [example.com/app.test]":     true,
		"net/http/httptrace":                  false,
		"net/url":                             false,
		"io":                                  false,
		"github.com/aws/aws-sdk-go-v2/config": false,
		"github.com/gin-gonic/gin/binding":    false,
		"example.com/app":                     false,
		"":                                    false,
	} {
		if c.IsSlow(path) != want {
			t.Errorf("%q is slow: %t", path, !want)
		}
	}
}

// TestNextHandler looks at the types by which the frameworks give a middleware the rest of the request.
func TestNextHandler(t *testing.T) {
	pkgs := entryPackages(t)
	for _, test := range []struct {
		path, typ string
		want      bool
	}{
		{"net/http", "HandlerFunc", true},
		{"github.com/labstack/echo", "HandlerFunc", true},
		{"google.golang.org/grpc", "UnaryHandler", true},
		{"google.golang.org/grpc", "StreamHandler", true},
		{"net/http", "Handler", false}, // its method is known
		{"github.com/labstack/echo", "MiddlewareFunc", false},
		{"github.com/gin-gonic/gin", "HandlerFunc", false}, // Next is called there
		{"google.golang.org/grpc", "UnaryServerInterceptor", false},
	} {
		if pkgs[test.path] == nil || pkgs[test.path].Scope().Lookup(test.typ) == nil {
			t.Errorf("no %s.%s", test.path, test.typ)
			continue
		}
		if got := NextHandler(pkgs[test.path].Scope().Lookup(test.typ).Type()); got != test.want {
			t.Errorf("%s.%s: %t", test.path, test.typ, got)
		}
	}
	if NextHandler(types.NewSignatureType(nil, nil, nil, nil, nil, false)) {
		t.Error("a func() is the rest of a request")
	}
}
