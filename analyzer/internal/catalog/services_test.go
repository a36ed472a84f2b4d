package catalog

import (
	"go/token"
	"go/types"
	"testing"
)

const services = `package app
type Msg struct{}
type Handler func(*Msg)
type Queue struct{}
func (Queue) Subscribe(subject string, run func(*Msg)) error { return nil }
func (*Queue) QueueSubscribe(subject, queue string, run Handler) error { return nil }
func (Queue) Consume(run func(Msg), opts ...int) {}
func (Queue) OnMessage(name string) {}
func (Queue) Publish(run func(*Msg)) {}
func Subscribe(run func(*Msg)) {}
func RegisterThings(s int, run func()) {}

type UnimplementedGreeterServer struct{}
func (UnimplementedGreeterServer) Greet() {}
func (UnimplementedGreeterServer) mustEmbed() {}
type UnimplementedEchoHandler struct{}
func (UnimplementedEchoHandler) Echo() {}
type UnimplementedThing struct{}
func (UnimplementedThing) Greet() {}

type Server struct { UnimplementedGreeterServer; n int }
func (*Server) Greet() {}
func (*Server) Other() {}
func (*Server) mustEmbed() {}
type ByPointer struct { *UnimplementedEchoHandler }
func (ByPointer) Echo() {}
type Both struct { UnimplementedGreeterServer; UnimplementedEchoHandler }
func (Both) Echo() {}
func (Both) Greet() {}
type Field struct { UnimplementedGreeterServer UnimplementedGreeterServer }
func (Field) Greet() {}
type Thing struct { UnimplementedThing }
func (Thing) Greet() {}
type Func func()
func (Func) Greet() {}
func Greet() {}
`

// TestEntryByService finds the methods of services that protoc and connect know.
func TestEntryByService(t *testing.T) {
	app := checkProgram(t, services)
	for _, test := range []struct {
		typ, method string
		want        Entry
	}{
		{"Server", "Greet", OnRequest},
		{"Server", "Other", ""},     // not of the service
		{"Server", "mustEmbed", ""}, // nobody outside calls it
		{"ByPointer", "Echo", OnRequest},
		{"Both", "Echo", OnRequest},
		{"Both", "Greet", OnRequest},
		{"Field", "Greet", ""}, // not embedded
		{"Thing", "Greet", ""}, // not generated
		{"Func", "Greet", ""},
	} {
		fn := findIn(app, test.typ, test.method)
		if got := EntryByService(fn); got != test.want {
			t.Errorf("%s.%s: got %q, want %q", test.typ, test.method, got, test.want)
		}
	}
	if got := EntryByService(findIn(app, "", "Greet")); got != "" {
		t.Errorf("a function: got %q", got)
	}
}

// TestSubscriptions knows the methods of clients for queues by their names.
func TestSubscriptions(t *testing.T) {
	app := checkProgram(t, services)
	for _, test := range []struct {
		recv, name string
		arg        int
		want       Entry
	}{
		{"Queue", "Subscribe", 1, OnMessage},
		{"Queue", "QueueSubscribe", 2, OnMessage},
		{"Queue", "Consume", 0, OnMessage},
		{"Queue", "OnMessage", 0, ""}, // it is given no function
		{"Queue", "Publish", 0, ""},
		{"", "Subscribe", 0, ""}, // no method
		{"", "RegisterThings", 0, ""},
	} {
		arg, when := EntryByRegistration(findIn(app, test.recv, test.name))
		if arg != test.arg || when != test.want {
			t.Errorf("%s.%s: got %d %q, want %d %q", test.recv, test.name, arg, when, test.arg, test.want)
		}
	}
	if arg, when := EntryByRegistration(nil); arg != 0 || when != "" {
		t.Errorf("nil: got %d %q", arg, when)
	}
}

// TestGRPCRegistration knows the functions that protoc generates by what they are given.
func TestGRPCRegistration(t *testing.T) {
	grpc := entryPackages(t)["google.golang.org/grpc"]
	app := types.NewPackage("example.com/app", "app")
	function := func(name string, params ...types.Type) *types.Func {
		var vars []*types.Var
		for _, p := range params {
			vars = append(vars, types.NewParam(token.NoPos, app, "", p))
		}
		return types.NewFunc(token.NoPos, app, name, types.NewSignatureType(nil, nil, nil, types.NewTuple(vars...), nil, false))
	}
	registrar, server := grpc.Scope().Lookup("ServiceRegistrar").Type(), types.NewPointer(grpc.Scope().Lookup("Server").Type())
	service := types.NewInterfaceType(nil, nil)
	for _, test := range []struct {
		fn   *types.Func
		want Entry
	}{
		{function("RegisterGreeterServer", registrar, service), OnRequest},
		{function("RegisterGreeterServer", server, service), OnRequest},
		{function("AddGreeterServer", registrar, service), ""},
		{function("RegisterGreeterServer", registrar), ""},
		{function("RegisterGreeterServer", service, registrar), ""},
	} {
		arg, when := EntryByRegistration(test.fn)
		if when != test.want || when != "" && arg != 1 {
			t.Errorf("%s: got %d %q, want %q", test.fn, arg, when, test.want)
		}
	}
}

// TestRunners sorts the functions of the standard library that run another one.
func TestRunners(t *testing.T) {
	pkgs := entryPackages(t)
	for _, test := range []struct {
		path, recv, name string
		want             string
	}{
		{"sync", "*Once", "Do", "once"},
		{"sync", "", "OnceFunc", "once"},
		{"sync", "", "OnceValue", "once"},
		{"sync", "", "OnceValues", "once"},
		{"sync", "*WaitGroup", "Go", "starts"},
		{"sync", "*WaitGroup", "Wait", ""},
		{"sync", "*Pool", "Get", ""},
		{"golang.org/x/sync/errgroup", "*Group", "Go", "starts"},
		{"golang.org/x/sync/errgroup", "*Group", "TryGo", "starts"},
		{"golang.org/x/sync/errgroup", "*Group", "SetLimit", ""},
		{"time", "", "AfterFunc", "later"},
		{"time", "", "NewTimer", ""},
	} {
		fn := findIn(pkgs[test.path], test.recv, test.name)
		if fn == nil {
			t.Fatalf("no %s in %s", test.name, test.path)
		}
		got := ""
		if RunsOnce(fn) {
			got += "once"
		}
		if RunsLater(fn) {
			got += "later"
		}
		if st := Default().StarterOf(fn); st != nil && st.Arg == 0 {
			got += "starts"
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", fn, got, test.want)
		}
	}
	if Default().StarterOf(nil) != nil || RunsOnce(nil) || RunsLater(nil) {
		t.Error("nil runs something")
	}
}
