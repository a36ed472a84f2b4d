package catalog

import "go/types"

// borrowers is the functions outside the database libraries that only look at their arguments: a holder that is passed to one
// of them is held as before. Those that run a function they are given are no borrowers.
var borrowers = map[string]bool{
	"encoding/json.Marshal":                true,
	"encoding/json.MarshalIndent":          true,
	"(*encoding/json.Encoder).Encode":      true,
	"reflect.TypeOf":                       true,
	"reflect.DeepEqual":                    true,
	"runtime.KeepAlive":                    true,
	"(*testing.common).Error":              true,
	"(*testing.common).Errorf":             true,
	"(*testing.common).Fatal":              true,
	"(*testing.common).Fatalf":             true,
	"(*testing.common).Log":                true,
	"(*testing.common).Logf":               true,
	"(*testing.common).Skip":               true,
	"(*testing.common).Skipf":              true,
	"(testing.TB).Error":                   true,
	"(testing.TB).Errorf":                  true,
	"(testing.TB).Fatal":                   true,
	"(testing.TB).Fatalf":                  true,
	"(testing.TB).Log":                     true,
	"(testing.TB).Logf":                    true,
	"(testing.TB).Skip":                    true,
	"(testing.TB).Skipf":                   true,
	"github.com/davecgh/go-spew/spew.Dump": true,
}

// borrowingPackages is the packages of which every function and method is a borrower.
var borrowingPackages = map[string]bool{
	"errors":                              true,
	"fmt":                                 true,
	"log":                                 true,
	"log/slog":                            true,
	"github.com/go-logr/logr":             true,
	"github.com/google/go-cmp/cmp":        true,
	"github.com/rs/zerolog":               true,
	"github.com/rs/zerolog/log":           true,
	"github.com/sirupsen/logrus":          true,
	"github.com/stretchr/testify/assert":  true,
	"github.com/stretchr/testify/require": true,
	"go.uber.org/zap":                     true,
}

// IsBorrower reports whether fn only looks at its arguments, so that a holder passed to it is held as before.
func IsBorrower(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false // a function value, or error.Error
	}
	if runsArgument(fn.Signature()) {
		return false // it may call anything
	}
	return borrowingPackages[cleanPath(fn.Pkg().Path())] || borrowers[key(fn)]
}

// runsArgument reports whether a parameter of the signature is a function.
func runsArgument(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		t := v.Type().Underlying()
		if s, ok := t.(*types.Slice); ok {
			t = s.Elem().Underlying() // func(fs ...func())
		}
		if _, ok := t.(*types.Signature); ok {
			return true
		}
	}
	return false
}

// contexts is what the functions that return a context do with its end.
var contexts = map[string]contextUse{
	"context.WithCancel":          derives,
	"context.WithCancelCause":     derives,
	"context.WithDeadline":        derives,
	"context.WithDeadlineCause":   derives,
	"context.WithTimeout":         derives,
	"context.WithTimeoutCause":    derives,
	"os/signal.NotifyContext":     derives,
	"context.WithValue":           passes,
	"context.Background":          never,
	"context.TODO":                never,
	"context.WithoutCancel":       never,
	"(*net/http.Request).Context": request,
	"(*testing.common).Context":   request,
	"(testing.TB).Context":        request,
}

type contextUse uint8

const (
	derives contextUse = iota + 1
	passes
	never
	request
)

// ContextDerive reports whether fn returns a context (result 0) that ends when the function it also returns (result 1) is
// called, or when the context it is given ends.
func ContextDerive(fn *types.Func) bool { return useOf(fn) == derives }

// ContextPass reports whether the context that fn returns ends exactly when the one it is given (argument 0) does.
func ContextPass(fn *types.Func) bool { return useOf(fn) == passes }

// ContextNever reports whether the context that fn returns never ends.
func ContextNever(fn *types.Func) bool { return useOf(fn) == never }

// RequestContext reports whether fn returns a context that its caller's caller ends: that of an HTTP request or of a test.
func RequestContext(fn *types.Func) bool { return useOf(fn) == request }

func useOf(fn *types.Func) contextUse {
	if fn == nil {
		return 0 // a call of a function value
	}
	return contexts[key(fn)]
}

// SetsDeadline reports whether fn makes a context that ends after a while.
func SetsDeadline(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	switch key(fn) {
	case "context.WithTimeout", "context.WithTimeoutCause", "context.WithDeadline", "context.WithDeadlineCause":
		return true
	}
	return false
}
