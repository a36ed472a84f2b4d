package catalog

import (
	"go/types"
	"strings"
)

// Starter is a function that runs another in a goroutine of its own.
type Starter struct {
	Arg     int    // index of that function among the arguments, receiver not counted
	Each    bool   // one goroutine for each element of a collection, the first argument that is no context
	Setter  string // the method of the receiver that bounds how many run at once; empty: none does
	Maker   bool   // argument 0 of the function that makes the receiver is the bound
	Bounded bool   // it bounds them itself
}

// starters is the libraries' ways to start goroutines; those of the user are rows of the kinds [Start] and [Join]. Sources: their
// documentation and code, for the versions in the test module.
var starters = map[string]Starter{
	"(*sync.WaitGroup).Go":                                     {},
	"(*golang.org/x/sync/errgroup.Group).Go":                   {Setter: "SetLimit"},
	"(*golang.org/x/sync/errgroup.Group).TryGo":                {Setter: "SetLimit"},
	"(*github.com/sourcegraph/conc.WaitGroup).Go":              {},
	"(*github.com/sourcegraph/conc/pool.Pool).Go":              {Setter: "WithMaxGoroutines"},
	"(*github.com/sourcegraph/conc/pool.ErrorPool).Go":         {Setter: "WithMaxGoroutines"},
	"(*github.com/sourcegraph/conc/pool.ContextPool).Go":       {Setter: "WithMaxGoroutines"},
	"(*github.com/sourcegraph/conc/pool.ResultPool).Go":        {Setter: "WithMaxGoroutines"},
	"(*github.com/sourcegraph/conc/pool.ResultErrorPool).Go":   {Setter: "WithMaxGoroutines"},
	"(*github.com/sourcegraph/conc/pool.ResultContextPool).Go": {Setter: "WithMaxGoroutines"},
	"(*github.com/sourcegraph/conc/stream.Stream).Go":          {Setter: "WithMaxGoroutines"},
	"(*github.com/alitto/pond.WorkerPool).Submit":              {Maker: true},
	"(*github.com/alitto/pond.WorkerPool).SubmitAndWait":       {Maker: true},
	"(github.com/alitto/pond.Pool).Submit":                     {Maker: true},
	"(github.com/alitto/pond.Pool).SubmitErr":                  {Maker: true},
	"(github.com/alitto/pond.Pool).Go":                         {Maker: true},
	"(github.com/alitto/pond.ResultPool).Submit":               {Maker: true},
	"(github.com/alitto/pond.ResultPool).SubmitErr":            {Maker: true},
	"(github.com/alitto/pond.TaskGroup).Submit":                {Maker: true},
	"(github.com/alitto/pond.TaskGroup).SubmitErr":             {Maker: true},
	"(github.com/alitto/pond.ResultTaskGroup).Submit":          {Maker: true},
	"(github.com/alitto/pond.ResultTaskGroup).SubmitErr":       {Maker: true},
	"github.com/alitto/pond.Submit":                            {},
	"github.com/alitto/pond.SubmitErr":                         {},
	"(*github.com/panjf2000/ants.Pool).Submit":                 {Maker: true},
	"(*github.com/panjf2000/ants.PoolWithFunc).Invoke":         {Maker: true},
	"github.com/panjf2000/ants.Submit":                         {},
	"github.com/samber/lo/parallel.ForEach":                    {Arg: 1, Each: true},
	"github.com/samber/lo/parallel.Map":                        {Arg: 1, Each: true},
	"github.com/samber/lo/parallel.Times":                      {Arg: 1, Each: true},
	"github.com/samber/lo/parallel.GroupBy":                    {Arg: 1, Each: true},
	"github.com/samber/lo/parallel.PartitionBy":                {Arg: 1, Each: true},
	"github.com/samber/lo.Async":                               {},
	"github.com/samber/lo.Async0":                              {},
}

// StarterOf returns what fn does with the function that it runs in a goroutine, nil if it runs none. The user's row wins.
func (c *Catalog) StarterOf(fn *types.Func) *Starter {
	if fn == nil || fn.Pkg() == nil {
		return nil // a call of a function value
	}
	name := key(fn)
	if s := c.starters[name]; s != nil {
		return s
	}
	if s, ok := starters[unversioned(name)]; ok {
		return &s
	}
	return nil
}

// waits is the methods that bound what comes after them: they return when there is room.
var waits = map[string]bool{
	"(*golang.org/x/sync/semaphore.Weighted).Acquire": true,
	"(*golang.org/x/time/rate.Limiter).Wait":          true,
	"(*golang.org/x/time/rate.Limiter).WaitN":         true,
	"(go.uber.org/ratelimit.Limiter).Take":            true,
}

// WaitsForRoom reports whether a call of fn returns only when there is room for one more: a semaphore, a rate limiter.
func WaitsForRoom(fn *types.Func) bool { return fn != nil && waits[unversioned(key(fn))] }

// joins is the methods that return when everything that was started has ended.
var joins = map[string]bool{
	"(*sync.WaitGroup).Wait":                                     true,
	"(*golang.org/x/sync/errgroup.Group).Wait":                   true,
	"(*github.com/sourcegraph/conc.WaitGroup).Wait":              true,
	"(*github.com/sourcegraph/conc.WaitGroup).WaitAndRecover":    true,
	"(*github.com/sourcegraph/conc/pool.Pool).Wait":              true,
	"(*github.com/sourcegraph/conc/pool.ErrorPool).Wait":         true,
	"(*github.com/sourcegraph/conc/pool.ContextPool).Wait":       true,
	"(*github.com/sourcegraph/conc/pool.ResultPool).Wait":        true,
	"(*github.com/sourcegraph/conc/pool.ResultErrorPool).Wait":   true,
	"(*github.com/sourcegraph/conc/pool.ResultContextPool).Wait": true,
}

// Joins reports whether a call of fn returns when all that was started before has ended.
func (c *Catalog) Joins(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	name := key(fn)
	return c.joins[name] || joins[unversioned(name)]
}

// Spawns reports whether a row of the user's says that fn starts goroutines or waits for them. What the libraries start says
// nothing of a package: that also those do which have nothing to do with a database.
func (c *Catalog) Spawns(fn *types.Func) bool {
	if fn == nil || len(c.starters)+len(c.joins) == 0 {
		return false // there are no such rows
	}
	name := key(fn)
	return c.starters[name] != nil || c.joins[name]
}

// Locks reports whether a call of fn waits for a lock that others hold.
func Locks(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	switch key(fn) {
	case "(*sync.Mutex).Lock", "(*sync.RWMutex).Lock", "(sync.Locker).Lock":
		return true
	}
	return false
}

// ReadLocks reports whether a call of fn waits for whoever holds a lock for writing.
func ReadLocks(fn *types.Func) bool { return fn != nil && key(fn) == "(*sync.RWMutex).RLock" }

// Unlocks reports whether a call of fn gives a lock back.
func Unlocks(fn *types.Func) bool {
	if fn == nil {
		return false // a call of a function value
	}
	switch key(fn) {
	case "(*sync.Mutex).Unlock", "(*sync.RWMutex).Unlock", "(*sync.RWMutex).RUnlock", "(sync.Locker).Unlock":
		return true
	}
	return false
}

// Regroups reports whether fn returns the group or pool of goroutines that it is a method of, by another name or as a part.
func Regroups(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Signature().Recv() == nil || fn.Signature().Results().Len() != 1 {
		return false
	}
	switch unversioned(cleanPath(fn.Pkg().Path())) {
	case "github.com/sourcegraph/conc/pool", "github.com/sourcegraph/conc/stream":
		return strings.HasPrefix(fn.Name(), "With")
	case "github.com/alitto/pond":
		return strings.HasPrefix(fn.Name(), "NewGroup")
	}
	return false
}
