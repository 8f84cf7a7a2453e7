"""The real parts that an app is measured with, started and stopped by the command itself.

PostgreSQL, a proxy that makes it look remote, outbound APIs, SMTP and S3, all on loopback and all
child processes that cannot outlive the command. Nothing here knows which app uses them.
"""
