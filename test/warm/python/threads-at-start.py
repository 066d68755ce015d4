#!/usr/bin/python3
# mask: 0x[0-9a-f]+
import sys
import _thread
print("Content-Type: text/plain\n")
print("threading" in sys.modules, _thread._count(), len(sys._current_frames()), _thread.stack_size())
import threading
print(threading.main_thread().name, threading.current_thread() is threading.main_thread(), threading.active_count())
print(threading.get_ident() == threading.main_thread().ident, threading.get_native_id() == __import__("os").getpid())
print(threading.main_thread().native_id == threading.get_native_id(), type(threading.main_thread()), threading.main_thread().daemon)
print(threading.enumerate() == [threading.main_thread()], list(threading._shutdown_locks), threading.excepthook)
thread = threading.Thread(target=lambda: print(threading.current_thread().name, threading.current_thread() is threading.main_thread()))
thread.start()
thread.join()
print(thread.name, threading.gettrace(), threading.getprofile())
