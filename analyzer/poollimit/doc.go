// Package poollimit reports database pools whose limits are missing, wrong or not what they seem.
//
// # What it reports
//
// No limit: a database/sql pool (also sqlx, gorm, bun, xorm, ent) on which nothing sets MaxOpenConns, and SetMaxOpenConns(0).
// Helpers that set it are followed, in this package and others. A pool that other packages get without a limit is reported
// too, unless a caller that is visible here sets one.
//
// A limit above max-conns: constants, wherever they come from (a variable, a field of a struct, an option, an argument of a
// helper, pool_max_conns in a connection string). While max-conns is not set, a limit above 97 is a warning, as a PostgreSQL
// server with default settings gives 97 connections to ordinary roles; 16 to 97 is advice. A MaxConns of 0 for pgxpool, which
// refuses it.
//
// Limits that contradict each other: more idle connections than open ones, MinConns above MaxConns. A check for
// MaxConns <= 0 after pgxpool.ParseConfig, which has filled it in. A limit that follows runtime.NumCPU. Keys of pgxpool
// (pool_max_conns) in a connection string that goes to sql.Open or pgx.Connect, which hand them to the server.
// stdlib.GetPoolConnector without SetMaxIdleConns(0).
//
// In strict mode also a limit of 16 to 97 while max-conns is not set; a pgxpool whose limit neither the program nor a known
// connection string sets, as it follows the number of processors; and a database/sql pool with a limit whose idle connections
// stay for ever.
//
// # Why
//
// A database/sql pool has no limit of its own: 100 goroutines on a server with 20 connections took all that were left, and
// 21 of them failed with SQLSTATE 53300. With SetMaxOpenConns(10) none did. A pgxpool takes max(4, NumCPU) connections: on a
// host with 48 processors that is 48 for each process.
//
// # Example
//
//	db, err := sql.Open("pgx", dsn) // db has no limit on its connections; call SetMaxOpenConns
//	if err != nil {
//		return nil, err
//	}
//	return &Store{db: db}, nil
//
// With a limit that fits the server, and the processes that share it:
//
//	db, err := sql.Open("pgx", dsn)
//	if err != nil {
//		return nil, err
//	}
//	db.SetMaxOpenConns(10)
//	db.SetMaxIdleConns(10)
//	db.SetConnMaxIdleTime(5 * time.Minute)
//	return &Store{db: db}, nil
//
// # When it is silent
//
// The analyzer is silent when the value comes from the environment, a flag, a file or anything else that is not known; when
// some path sets a limit; when the pool is given to code that is not known and may set one; on a zero in a configuration, which
// a default may replace; on pools that work on another pool (stdlib.OpenDBFromPool); on databases in the process (sqlite) and
// on mocks.
//
// # Options
//
// The setting max-conns is the largest limit that is right; a higher one is an error. While it is not set, a limit above 97 is a warning,
// as a server with default settings has no more, and one above 15 is advice. With strict, advice is reported too: limits of 16 to 97,
// a default that follows the number of processors, idle connections that are kept for ever.
//
// # Fix
//
// There is none that could be applied: the number is yours.
package poollimit
