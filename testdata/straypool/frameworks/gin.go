// Package frameworks: handlers and middleware of gin, echo, chi, fiber and connect.
package frameworks

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const dsn = "host=db user=app dbname=shop"

// User is a model.
type User struct {
	ID    uint
	Email string
}

func openGorm() (*gorm.DB, error) {
	return gorm.Open(postgres.Open(dsn), &gorm.Config{})
}

func badGinCreate(c *gin.Context) {
	db, err := openGorm() // want "openGorm builds a pool on each request"
	if err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	var u User
	if err := c.ShouldBindJSON(&u); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	db.WithContext(c).Create(&u)
	c.JSON(http.StatusCreated, u)
}

// badGinMiddleware puts a new pool into the context of each request.
func badGinMiddleware() gin.HandlerFunc {
	return func(c *gin.Context) {
		db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each request`
		if err != nil {
			c.AbortWithStatus(http.StatusInternalServerError)
			return
		}
		c.Set("db", db)
		c.Next()
		_ = db.Close()
	}
}

// okGinMiddleware puts the same pool into the context of each request.
func okGinMiddleware() gin.HandlerFunc {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		panic(err)
	}
	return func(c *gin.Context) {
		c.Set("db", db)
		c.Next()
	}
}

// badGinInline registers literals in a group.
func badGinInline(r *gin.Engine) {
	v1 := r.Group("/v1")
	v1.GET("/users/:id", func(c *gin.Context) {
		conn, err := pgx.Connect(c.Request.Context(), dsn) // want `pgx\.Connect runs on each request`
		if err != nil {
			_ = c.Error(err)
			return
		}
		defer conn.Close(c.Request.Context())
		var email string
		if err := conn.QueryRow(c, "select email from users where id = $1", c.Param("id")).Scan(&email); err != nil {
			c.Status(http.StatusNotFound)
			return
		}
		c.String(http.StatusOK, email)
	})
}

// okGinSetup is main's set-up function: pool, then routes.
func okGinSetup(ctx context.Context) (*gin.Engine, func(), error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	r := gin.New()
	r.GET("/count", func(c *gin.Context) {
		var n int
		if err := pool.QueryRow(c, "select count(*) from users").Scan(&n); err != nil {
			c.Status(http.StatusInternalServerError)
			return
		}
		c.JSON(http.StatusOK, n)
	})
	return r, pool.Close, nil
}

// okGinSession makes a session of the pool it has; gorm opens nothing here.
func okGinSession(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		tx := db.Session(&gorm.Session{NewDB: true}).WithContext(c)
		var users []User
		tx.Find(&users)
		c.JSON(http.StatusOK, users)
	}
}

type userController struct{ db *gorm.DB }

// connect fills the controller, which badGinController does for each request.
func (u *userController) connect() error {
	db, err := gorm.Open(postgres.New(postgres.Config{DSN: dsn, PreferSimpleProtocol: true}))
	if err != nil {
		return err
	}
	u.db = db
	return nil
}

func badGinController(c *gin.Context) {
	var ctl userController
	if err := ctl.connect(); err != nil { // want `ctl\.connect builds a pool on each request`
		c.Status(http.StatusServiceUnavailable)
		return
	}
	var n int64
	ctl.db.Model(&User{}).Count(&n)
	c.JSON(http.StatusOK, n)
}

// okGinController connects once and registers the method.
func okGinController(r *gin.Engine) error {
	ctl := new(userController)
	if err := ctl.connect(); err != nil {
		return err
	}
	r.GET("/users", ctl.list)
	return nil
}

func (u *userController) list(c *gin.Context) {
	var users []User
	u.db.WithContext(c).Find(&users)
	c.JSON(http.StatusOK, users)
}
